//! The host's half: a stub with the trait's methods, and its view of calls that are sent now and waited for later.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{
    Cfgs, impl_attributes, item_attributes, item_span, local, located, method_attributes, method_static,
};
use crate::{
    attributes,
    carry::Carriage,
    model::{Argument, Kind, Method, Service},
};

/// The stub and its view.
pub(super) fn types(service: &Service) -> TokenStream {
    let private = &service.private;
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let (host, start) = (&service.names.host, &service.names.start);
    let name = &service.item.ident;
    let host_doc = format!("Calls the methods of `{name}` in its worker, and waits for what they return.");
    let host_attributes = item_attributes(service, &host_doc);
    let start_doc = format!("Sends calls of `{name}` now; what they return is waited for later.");
    let start_attributes = item_attributes(service, &start_doc);
    let derive = quote!(#[derive(#private::core::clone::Clone, #private::core::fmt::Debug)]);
    quote_spanned! {span=>
        #host_attributes
        #derive
        #vis struct #host(#start);

        #start_attributes
        #derive
        #vis struct #start(#private::Handle);
    }
}

/// The methods of both, and the runtime's trait on the stub.
pub(super) fn impls(service: &Service) -> TokenStream {
    let private = &service.private;
    let attributes = impl_attributes();
    let (host, start) = (&service.names.host, &service.names.start);
    let calls = service.methods.iter().map(|method| match method.kind() {
        Kind::Request => call(service, method),
        Kind::NoRequest => send(service, method),
    });
    let starts = service.methods_of(Kind::Request).map(|method| start_call(service, method));
    let (this, handle) = (local("self"), local("handle"));
    quote! {
        #attributes
        impl #host { #(#calls)* }

        #attributes
        impl #start { #(#starts)* }

        #attributes
        impl #private::Stub for #host {
            type Start = #start;

            fn service() -> &'static #private::Service {
                &__SERVICE
            }

            fn from_handle(#handle: #private::Handle) -> Self {
                Self(#start(#handle))
            }

            fn handle(&#this) -> &#private::Handle {
                &#this.0.0
            }

            fn start(&#this) -> #start {
                #private::core::clone::Clone::clone(&#this.0)
            }
        }
    }
}

/// A call that waits.
fn call(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let start = &service.names.start;
    let doc = format!("Calls `{}` in the worker, and waits for what it returns.", method.name());
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let this = local("self");
    let parameters = parameters(method);
    let arguments = method.arguments.iter().map(|argument| {
        let cfgs = Cfgs(&argument.tokens.attrs);
        let name = &argument.name;
        quote!(#cfgs #name)
    });
    let output = &method.output;
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::core::result::Result<#output, #private::Error> {
            #private::Pending::wait(#start::#name(&#this.0, #(#arguments),*))
        }
    }
}

/// A call that is waited for later.
fn start_call(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let (request, reply) = (&service.names.request, &service.names.reply);
    let doc = format!("Calls `{}` in the worker; what it returns is waited for later.", method.name());
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let variant = &method.variant;
    let description = method_static(method);
    let (this, payload, value) = (local("self"), local("payload"), local("value"));
    let parameters = parameters(method);
    let fields = method.arguments.iter().map(|argument| lent_field(service, argument));
    let output = &method.output;
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::Pending<#output> {
            #private::start(
                &#this.0,
                &#description,
                &#request::#variant { #(#fields),* },
                |#payload| match #private::codec::decode::<#reply>(#payload)? {
                    #reply::#variant(#value) => #private::core::result::Result::Ok(#value),
                    _ => #private::core::result::Result::Err(#private::CodecError::wrong_reply()),
                },
            )
        }
    }
}

/// A message that nobody answers.
fn send(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let norequest = &service.names.norequest;
    let doc = format!("Sends `{}` to the worker; nothing comes back.", method.name());
    let attributes = method_attributes(method, attributes::for_stub, &doc);
    let name = &method.signature.ident;
    let variant = &method.variant;
    let description = method_static(method);
    let this = local("self");
    let parameters = parameters(method);
    let fields = method.arguments.iter().map(|argument| lent_field(service, argument));
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::core::result::Result<(), #private::Error> {
            #private::send(&#this.0.0, &#description, &#norequest::#variant { #(#fields),* })
        }
    }
}

/// The parameters as the user wrote them, with a name each.
fn parameters(method: &Method) -> impl Iterator<Item = TokenStream> {
    method.arguments.iter().map(|argument| {
        let cfgs = Cfgs(&argument.tokens.attrs);
        let (name, ty) = (&argument.name, &argument.tokens.ty);
        quote!(#cfgs #name: #ty)
    })
}

/// An argument put into its field of the message.
fn lent_field(service: &Service, argument: &Argument) -> TokenStream {
    let private = &service.private;
    let cfgs = Cfgs(&argument.tokens.attrs);
    let name = &argument.name;
    let value = match argument.carriage {
        Carriage::Plain => quote!(#name),
        Carriage::Reference => quote!(#private::Ref::Lent(#name)),
        Carriage::OptionalReference => {
            quote!(#private::core::option::Option::map(#name, #private::Ref::Lent))
        }
    };
    quote_spanned!(name.span()=> #cfgs #name: #value)
}
