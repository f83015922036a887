//! The host's half: a stub with the trait's methods, and its view of calls that are sent now and waited for later.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use super::{
    Cfgs, binding, crossing, item_attributes, item_span, local, located,
    messages::{Enum, angled, anonymous, clause},
    method_attributes, method_static,
    writing::call as portable,
};
use crate::{
    attributes,
    carry::{Carriage, Writing},
    lifetimes::elided,
    model::{Argument, Kind, Method, Service},
    types::peeled,
};

/// The stub and its view.
pub(super) fn types(service: &Service) -> TokenStream {
    let private = &service.path;
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let (host, start) = (&service.names.host, &service.names.start);
    let name = &service.item.ident;
    let host_doc = format!("Calls the methods of `{name}` in its worker, and waits for what they return.");
    let host_attributes = item_attributes(service, &host_doc);
    let start_doc = format!("Sends calls of `{name}` now; what they return is waited for later.");
    let start_attributes = item_attributes(service, &start_doc);
    let parameters = service.parameters.all();
    let (declared, passed) = (angled(parameters.declared_with_defaults()), angled(parameters.passed()));
    let types = parameters.types();
    let clause = clause(parameters.predicates());
    let marker = (!parameters.is_empty())
        .then(|| quote!(, #private::core::marker::PhantomData<fn(#(#private::core::marker::PhantomData<#types>),*)>));
    quote_spanned! {span=>
        #host_attributes
        #vis struct #host #declared(#start #passed) #clause;

        #start_attributes
        #vis struct #start #declared(#private::Handle #marker) #clause;
    }
}

/// The methods of both, and what every stub can do.
pub(super) fn impls(service: &Service, requests: &Enum<'_>, norequests: &Enum<'_>) -> TokenStream {
    let (host, start) = (&service.names.host, &service.names.start);
    let parameters = service.parameters.all();
    let (declared, passed) = (angled(parameters.declared()), angled(parameters.passed()));
    let of_methods =
        service.method_predicates().filter_map(|predicate| service.parameters.expressible(predicate));
    let bounds = clause(parameters.predicates().into_iter().chain(of_methods).chain(crossing(service)));
    let calls = service.methods.iter().map(|method| match method.kind() {
        Kind::Request => call(service, method),
        Kind::NoRequest => send(service, norequests, method),
    });
    let starts = service.methods_of(Kind::Request).map(|method| start_call(service, requests, method));
    let traits = traits(service);
    quote! {
        impl #declared #host #passed #bounds { #(#calls)* }

        impl #declared #start #passed #bounds { #(#starts)* }

        #traits
    }
}

/// Both can be cloned and shown, whatever their parameters can; the stub is a `Stub`.
fn traits(service: &Service) -> TokenStream {
    let private = &service.private;
    let (host, start) = (&service.names.host, &service.names.start);
    let (host_name, start_name) = (host.to_string(), start.to_string());
    let parameters = service.parameters.all();
    let (declared, passed) = (angled(parameters.declared()), angled(parameters.passed()));
    let clause = clause(parameters.predicates());
    let marker = (!parameters.is_empty()).then(|| quote!(, #private::core::marker::PhantomData));
    let (this, handle, formatter) = (local("self"), local("handle"), local("formatter"));
    let clone = quote!(#private::core::clone::Clone);
    let debug = |name: &str| {
        quote! {
            fn fmt(&#this, #formatter: &mut #private::core::fmt::Formatter<'_>) -> #private::core::fmt::Result {
                #private::core::fmt::Formatter::debug_tuple(#formatter, #name).field(&#this.0).finish()
            }
        }
    };
    let chosen = chosen(service);
    let (debug_host, debug_start) = (debug(&host_name), debug(&start_name));
    quote! {
        #[automatically_derived]
        impl #declared #clone for #host #passed #clause {
            fn clone(&#this) -> Self {
                Self(#clone::clone(&#this.0))
            }
        }

        #[automatically_derived]
        impl #declared #clone for #start #passed #clause {
            fn clone(&#this) -> Self {
                Self(#clone::clone(&#this.0) #marker)
            }
        }

        #[automatically_derived]
        impl #declared #private::core::fmt::Debug for #host #passed #clause { #debug_host }

        #[automatically_derived]
        impl #declared #private::core::fmt::Debug for #start #passed #clause { #debug_start }

        #[automatically_derived]
        impl #declared #private::Stub for #host #passed #clause {
            type Start = #start #passed;

            fn service() -> &'static #private::Service {
                &_SERVICE
            }

            #chosen

            fn from_handle(#handle: #private::Handle) -> Self {
                Self(#start(#handle #marker))
            }

            fn handle(&#this) -> &#private::Handle {
                &#this.0.0
            }

            fn start(&#this) -> #start #passed {
                #clone::clone(&#this.0)
            }
        }
    }
}

/// What stands for the parameters, which the runtime compares with what the worker has.
fn chosen(service: &Service) -> Option<TokenStream> {
    let private = &service.private;
    let all = service.parameters.all();
    let chosen = all.each().map(|parameter| {
        let (ident, name) = (&parameter.ident, parameter.ident.to_string());
        match parameter.is_type() {
            true => quote!(#private::type_parameter::<#ident>(#name)),
            false => quote!(#private::constant_parameter(#name, &#ident)),
        }
    });
    (!all.is_empty()).then(|| {
        quote! {
            fn parameters() -> #private::std::vec::Vec<#private::std::string::String> {
                #private::std::vec::Vec::from([#(#chosen),*])
            }
        }
    })
}

/// A call that waits.
fn call(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let start = &service.names.start;
    let doc = format!("Calls `{}` in the worker, and waits for what it returns.", method.name());
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let (this, value) = (local("self"), local("value"));
    let parameters = method.arguments.iter().map(|argument| parameter(argument, elided(&argument.ty)));
    let arguments = method.arguments.iter().map(|argument| {
        let (cfgs, name) = (Cfgs(&argument.tokens.attrs), &argument.name);
        match argument.carriage {
            Carriage::Changed => quote!(#cfgs &*#name),
            _ => quote!(#cfgs #name),
        }
    });
    let output = &method.output.owned;
    let passed = angled(service.parameters.all().passed());
    let called = quote!(#private::Pending::wait(<#start #passed>::#name(&#this.0, #(#arguments),*)));
    let changed: Vec<_> = method.changed().map(binding).collect();
    let body = if changed.is_empty() {
        called
    } else {
        let description = method_static(method);
        let places = method.changed().map(|argument| &argument.name);
        quote! {
            let (#value, #(#changed),*) = #called?;
            #(#private::accept(&#this.0.0, &#description, #places, #changed)?;)*
            #private::core::result::Result::Ok(#value)
        }
    };
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::core::result::Result<#output, #private::Error> {
            #body
        }
    }
}

/// A call that is waited for later.
fn start_call(service: &Service, requests: &Enum<'_>, method: &Method) -> TokenStream {
    let private = &service.private;
    let (request, message) = (requests.name, local("message"));
    let named = requests.named(&anonymous());
    let doc = match method.changed().next() {
        None => format!("Calls `{}` in the worker; what it returns is waited for later.", method.name()),
        Some(_) => format!(
            "Calls `{}` in the worker; what it returns, and the arguments that it changes, are waited for later.",
            method.name()
        ),
    };
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let variant = &method.variant;
    let description = method_static(method);
    let this = local("self");
    let parameters =
        method.arguments.iter().map(|argument| parameter(argument, shared(&elided(&argument.ty))));
    let fields = method.arguments.iter().map(|argument| lent_field(private, argument));
    let output = output(private, method);
    let reader = reader(service, method);
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::Pending<#output> {
            let #message: #named = #request::#variant { #(#fields),* };
            #private::start(&#this.0, &#description, &#message, #reader)
        }
    }
}

/// What a pending call ends in: what the method returns, and behind it the arguments that it changes.
fn output(private: &TokenStream, method: &Method) -> TokenStream {
    let output = &method.output.owned;
    let changed: Vec<_> =
        method.changed().map(|argument| crate::owned::owned(&argument.ty, private)).collect();
    if changed.is_empty() { quote!(#output) } else { quote!((#output, #(#changed),*)) }
}

/// The function that reads a reply.
fn reader(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let output = &method.output;
    if method.changed().next().is_none() {
        return match &output.writing {
            Writing::Value(ty) => portable(private, ty, "value_reader", |form| form),
            Writing::Slice(ty) => portable(private, ty, "slice_reader", |form| form),
            Writing::Option(ty) => portable(private, ty, "option_reader", |form| form),
            // What is returned comes back owned.
            Writing::Lent => TokenStream::new(),
        };
    }
    let fields = local("fields");
    let message = Enum::replies(service);
    let variant = message.variants.iter().find(|variant| variant.method.variant == method.variant);
    let reads = variant
        .into_iter()
        .flat_map(|variant| &variant.fields)
        .map(|field| field.read(private, &quote!(#fields)));
    quote!(|#fields| #private::core::result::Result::Ok((#(#reads),*)))
}

/// A message that nobody answers.
fn send(service: &Service, norequests: &Enum<'_>, method: &Method) -> TokenStream {
    let private = &service.private;
    let (norequest, message) = (norequests.name, local("message"));
    let named = norequests.named(&anonymous());
    let doc = format!("Sends `{}` to the worker; nothing comes back.", method.name());
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let variant = &method.variant;
    let description = method_static(method);
    let this = local("self");
    let parameters = method.arguments.iter().map(|argument| parameter(argument, elided(&argument.ty)));
    let fields = method.arguments.iter().map(|argument| lent_field(private, argument));
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::core::result::Result<(), #private::Error> {
            let #message: #named = #norequest::#variant { #(#fields),* };
            #private::send(&#this.0.0, &#description, &#message)
        }
    }
}

/// A parameter as the user wrote it, with a name.
fn parameter(argument: &Argument, ty: Type) -> TokenStream {
    let (cfgs, name) = (Cfgs(&argument.tokens.attrs), &argument.name);
    quote!(#cfgs #name: #ty)
}

/// A place that a call would change, only to be read.
fn shared(ty: &Type) -> Type {
    match peeled(ty) {
        Type::Reference(reference) => {
            let mut reference = reference.clone();
            reference.mutability = None;
            Type::Reference(reference)
        }
        other => other.clone(),
    }
}

/// An argument put into its field of the message.
fn lent_field(private: &TokenStream, argument: &Argument) -> TokenStream {
    let cfgs = Cfgs(&argument.tokens.attrs);
    let name = &argument.name;
    let value = match argument.carriage {
        Carriage::Plain => quote!(#name),
        Carriage::Reference | Carriage::Changed => quote!(#private::Ref::Lent(#name)),
        Carriage::References => quote!(#private::Refs::Lent(#name)),
        Carriage::OptionalReference => {
            quote!(#private::core::option::Option::map(#name, #private::Ref::Lent))
        }
    };
    quote_spanned!(name.span()=> #cfgs #name: #value)
}
