//! The methods of the stub and of its view: a call that waits, one that is waited for later, and a message that nobody answers.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::{
    Cfgs, binding,
    field::Field,
    local,
    messages::{Enum, angled, anonymous},
    method_attributes, method_static,
    portable::{call as portable, call_for_list as portable_list},
    tail::tail_of,
};
use crate::{
    attributes,
    carry::{Carriage, Writing, may_have_tail},
    lifetimes::elided,
    model::{Argument, Method, Service},
    owned::owned,
    types::shared,
};

/// A call that waits.
pub(super) fn call(service: &Service, method: &Method) -> TokenStream {
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
            Carriage::OptionalChanged => quote!(#cfgs #private::core::option::Option::as_deref(&#name)),
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
        // All of them are looked at before the first is accepted: a call that fails changes nothing.
        let fit = method.changed().zip(&changed).map(|(argument, changed)| {
            let place = &argument.name;
            let (fits, place, changed) = match argument.carriage {
                Carriage::OptionalChanged => (
                    quote!(option_fits),
                    quote!(#private::core::option::Option::as_deref(&#place)),
                    quote!(#private::core::option::Option::as_ref(&#changed)),
                ),
                _ => (quote!(fits), quote!(&*#place), quote!(&#changed)),
            };
            quote!(#private::#fits(&#this.0.0, &#description, #place, #changed)?;)
        });
        let accept = method.changed().zip(&changed).map(|(argument, changed)| {
            let place = &argument.name;
            match argument.carriage {
                Carriage::OptionalChanged => quote!(#private::accept_option(#place, #changed);),
                _ => quote!(#private::Change::accept(#place, #changed);),
            }
        });
        quote! {
            let (#value, #(#changed),*) = #called?;
            #(#fit)*
            #(#accept)*
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
pub(super) fn start_call(service: &Service, requests: &Enum<'_>, method: &Method) -> TokenStream {
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
    let (take, start) = match last_tail(private, method) {
        Some((take, tail)) => {
            (take, quote!(start_with(&#this.0, &#description, &#message, &mut #tail, #reader)))
        }
        None => (TokenStream::new(), quote!(start(&#this.0, &#description, &#message, #reader))),
    };
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::Pending<#output> {
            #take
            let #message: #named = #request::#variant { #(#fields),* };
            #private::#start
        }
    }
}

/// What a pending call ends in: what the method returns, and behind it the arguments that it changes.
fn output(private: &TokenStream, method: &Method) -> TokenStream {
    let output = &method.output.owned;
    let changed: Vec<_> = method.changed().map(|argument| owned(&argument.ty, private)).collect();
    if changed.is_empty() { quote!(#output) } else { quote!((#output, #(#changed),*)) }
}

/// The function that reads a reply.
fn reader(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let output = &method.output;
    if method.changed().next().is_none() {
        return match &output.writing {
            Writing::Value(ty) => portable(private, ty, "value_reader", |form| form),
            Writing::Slice(ty) => portable_list(private, ty, "slice_reader", |form| form),
            Writing::Option(ty) => portable(private, ty, "option_reader", |form| form),
            // What is returned comes back owned.
            Writing::References(_) | Writing::Lent => TokenStream::new(),
        };
    }
    let fields = local("fields");
    let reply = Field::of_reply(service, method);
    let reads = reply.iter().map(|field| field.read(private, &quote!(#fields)));
    quote!(|#fields| #private::core::result::Result::Ok((#(#reads),*)))
}

/// A message that nobody answers.
pub(super) fn send(service: &Service, norequests: &Enum<'_>, method: &Method) -> TokenStream {
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
    let (take, send) = match last_tail(private, method) {
        Some((take, tail)) => (take, quote!(send_with(&#this.0.0, &#description, &#message, &mut #tail))),
        None => (TokenStream::new(), quote!(send(&#this.0.0, &#description, &#message))),
    };
    quote! {
        #(#attributes)*
        pub fn #name(&#this, #(#parameters),*) -> #private::core::result::Result<(), #private::Error> {
            #take
            let #message: #named = #norequest::#variant { #(#fields),* };
            #private::#send
        }
    }
}

/// Takes the bytes that the last argument ends in, if it may have such; and what they are called then.
fn last_tail(private: &TokenStream, method: &Method) -> Option<(TokenStream, Ident)> {
    let last = method.arguments.last()?;
    let is_always_there = attributes::filtered(&last.tokens.attrs, attributes::cfg).is_empty();
    if !is_always_there || last.carriage != Carriage::Plain || !may_have_tail(&last.ty) {
        return None;
    }
    let tail = local("tail");
    Some((tail_of(private, &last.name, &tail), tail))
}

/// A parameter as the user wrote it, with a name.
fn parameter(argument: &Argument, ty: Type) -> TokenStream {
    let (cfgs, name) = (Cfgs(&argument.tokens.attrs), &argument.name);
    quote!(#cfgs #name: #ty)
}

/// An argument put into its field of the message.
fn lent_field(private: &TokenStream, argument: &Argument) -> TokenStream {
    let cfgs = Cfgs(&argument.tokens.attrs);
    let name = &argument.name;
    let value = match argument.carriage {
        Carriage::Plain => quote!(#name),
        Carriage::Reference | Carriage::Changed => quote!(#private::Ref::Lent(#name)),
        Carriage::References => quote!(#private::Refs::Lent(#name)),
        Carriage::OptionalReference | Carriage::OptionalChanged => {
            quote!(#private::core::option::Option::map(#name, #private::Ref::Lent))
        }
    };
    quote_spanned!(name.span()=> #cfgs #name: #value)
}
