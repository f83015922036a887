//! The worker's half: a message in, a method called, its result out.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{Cfgs, impl_attributes, item_attributes, item_span, local, located, messages};
use crate::{
    carry::Carriage,
    model::{Argument, Kind, Method, Service},
};

/// The type that wraps an implementation of the trait.
pub(super) fn worker_type(service: &Service) -> TokenStream {
    let private = &service.private;
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let worker = &service.names.worker;
    let name = &service.item.ident;
    let doc =
        format!("Serves an implementation of `{name}`: each message that comes in becomes a call of it.");
    let attributes = item_attributes(service, &doc);
    quote_spanned! {span=>
        #attributes
        #[derive(
            #private::core::clone::Clone,
            #private::core::fmt::Debug,
            #private::core::default::Default
        )]
        #vis struct #worker<T>(pub T);
    }
}

/// The dispatch; nothing for a trait with parameters, which was refused.
pub(super) fn worker_impl(service: &Service) -> TokenStream {
    if !service.item.generics.params.is_empty() {
        return TokenStream::new();
    }
    let private = &service.private;
    let attributes = impl_attributes();
    let name = &service.item.ident;
    let (host, worker) = (&service.names.host, &service.names.worker);
    let (this, payload, reply) = (local("self"), local("payload"), local("reply"));
    let requests = matched(service, Kind::Request);
    let norequests = matched(service, Kind::NoRequest);
    let byte = quote!(#private::core::primitive::u8);
    let result = quote!(#private::core::result::Result<(), #private::CodecError>);
    quote! {
        #attributes
        impl<__T: #name + 'static> #private::Worker for #worker<__T> {
            type Host = #host;

            fn request(
                &mut #this,
                #payload: &[#byte],
                #reply: &mut #private::std::vec::Vec<#byte>,
            ) -> #result {
                #requests
            }

            fn norequest(&mut #this, #payload: &[#byte]) -> #result {
                #norequests
            }
        }
    }
}

/// Decodes a message of one kind and calls what it says.
fn matched(service: &Service, kind: Kind) -> TokenStream {
    let private = &service.private;
    let message = service.call_enum(kind);
    let lifetime = messages::lifetime_of(service, kind, quote!('_));
    let payload = local("payload");
    let arms = service.methods_of(kind).map(|method| arm(service, message, method));
    quote! {
        match #private::codec::decode::<#message #lifetime>(#payload)? {
            #(#arms)*
        }
    }
}

fn arm(service: &Service, message: &syn::Ident, method: &Method) -> TokenStream {
    let private = &service.private;
    let trait_name = &service.item.ident;
    let cfgs = Cfgs(&method.attributes);
    let variant = &method.variant;
    let name = &method.signature.ident;
    let (this, reply_buffer) = (local("self"), local("reply"));
    let mutability = method.signature.receiver().and_then(exclusive);
    let fields = method.arguments.iter().map(|argument| {
        let cfgs = Cfgs(&argument.tokens.attrs);
        let name = &argument.name;
        quote!(#cfgs #name)
    });
    let arguments = method.arguments.iter().map(|argument| lent_argument(service, argument));
    let call = quote! {
        <__T as #trait_name>::#name(&#mutability #this.0, #(#arguments),*)
    };
    let body = match method.kind() {
        Kind::Request => {
            let reply = &service.names.reply;
            quote!(#private::codec::encode(&#reply::#variant(#call), #reply_buffer))
        }
        Kind::NoRequest => quote!({
            #call;
            #private::core::result::Result::Ok(())
        }),
    };
    quote! {
        #cfgs
        #message::#variant { #(#fields),* } => #body,
    }
}

fn exclusive(receiver: &syn::Receiver) -> Option<syn::Token![mut]> {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, mutability) => *mutability,
        _ => None,
    }
}

/// A field of the message as the method takes it.
fn lent_argument(service: &Service, argument: &Argument) -> TokenStream {
    let private = &service.private;
    let cfgs = Cfgs(&argument.tokens.attrs);
    let name = &argument.name;
    let value = match argument.carriage {
        Carriage::Plain => quote!(#name),
        Carriage::Reference => quote!(&*#name),
        Carriage::OptionalReference => quote!(#private::core::option::Option::as_deref(&#name)),
    };
    quote!(#cfgs #value)
}
