//! The three enums: what is asked, what is answered, and what is only told.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::{Cfgs, generated_at, item_attributes, item_span, located, method_attributes};
use crate::{
    attributes,
    carry::{Borrow, Carriage, message_lifetime},
    model::{Argument, Kind, Method, Service},
    types::{option_argument, peeled},
};

/// The three enums.
pub(super) fn enums(service: &Service) -> TokenStream {
    let trait_name = &service.item.ident;
    let requests = calls(service, Kind::Request, &format!("The requests of `{trait_name}`."));
    let replies = replies(service);
    let norequests =
        calls(service, Kind::NoRequest, &format!("The messages of `{trait_name}` that are not answered."));
    quote!(#requests #replies #norequests)
}

/// The lifetime of the enum that holds the calls of one kind, in angle brackets; nothing if they borrow nothing.
pub(super) fn lifetime_of(service: &Service, kind: Kind, lifetime: impl ToTokens) -> TokenStream {
    if service.methods_of(kind).any(borrows) { quote!(<#lifetime>) } else { TokenStream::new() }
}

/// A variant that never is, for an enum that may lose all that borrows to a `#[cfg]`, but not its lifetime.
pub(super) fn lifetime_variant(service: &Service, kind: Kind) -> Option<TokenStream> {
    let certain = |argument: &Argument| {
        argument.borrow == Borrow::Message && !attributes::any(&argument.tokens.attrs, attributes::cfg)
    };
    let certain = |method: &Method| {
        !attributes::any(&method.attributes, attributes::cfg) && method.arguments.iter().any(certain)
    };
    let mut borrowing = service.methods_of(kind).filter(|method| borrows(method)).peekable();
    borrowing.peek()?;
    if borrowing.any(certain) {
        return None;
    }
    let private = &service.private;
    let lifetime = message_lifetime();
    Some(quote! {
        #[doc(hidden)]
        __Lifetime(#private::core::convert::Infallible, #private::core::marker::PhantomData<&#lifetime ()>)
    })
}

/// The type of the field that an argument travels in.
pub(super) fn field_type(service: &Service, argument: &Argument) -> TokenStream {
    let private = &service.private;
    let ty = &argument.in_message;
    match argument.carriage {
        Carriage::Plain => quote!(#ty),
        Carriage::Reference => referred(private, ty),
        Carriage::OptionalReference => {
            let referred = option_argument(ty).map(|ty| referred(private, ty));
            let private = located(private, ty.span());
            quote_spanned!(generated_at(ty.span())=> #private::core::option::Option<#referred>)
        }
    }
}

/// `Ref<'a, T>` for a `&'a T`, at the place of `T`.
fn referred(private: &TokenStream, ty: &Type) -> TokenStream {
    let pointee = match peeled(ty) {
        Type::Reference(reference) => &reference.elem,
        other => other,
    };
    let private = located(private, pointee.span());
    let lifetime = message_lifetime();
    quote_spanned!(generated_at(pointee.span())=> #private::Ref<#lifetime, #pointee>)
}

fn borrows(method: &Method) -> bool {
    method.arguments.iter().any(|argument| argument.borrow == Borrow::Message)
}

fn calls(service: &Service, kind: Kind, doc: &str) -> TokenStream {
    let attributes = item_attributes(service, doc);
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let name = service.call_enum(kind);
    let lifetime = lifetime_of(service, kind, message_lifetime());
    let variants = service.methods_of(kind).map(|method| call_variant(service, method));
    let lifetime_variant = lifetime_variant(service, kind);
    quote_spanned! {span=>
        #attributes
        #vis enum #name #lifetime {
            #(#variants,)*
            #lifetime_variant
        }
    }
}

fn call_variant(service: &Service, method: &Method) -> TokenStream {
    let doc = format!("A call of `{}`.", method.name());
    let attributes = method_attributes(method, attributes::cfg_or_doc, &doc);
    let variant = &method.variant;
    let fields = method.arguments.iter().map(|argument| {
        let (cfgs, name) = (Cfgs(&argument.tokens.attrs), &argument.name);
        let doc = format!("The argument `{name}`.");
        let ty = field_type(service, argument);
        quote!(#cfgs #[doc = #doc] #name: #ty)
    });
    quote! {
        #(#attributes)*
        #variant { #(#fields),* }
    }
}

fn replies(service: &Service) -> TokenStream {
    let attributes = item_attributes(service, &format!("The replies of `{}`.", service.item.ident));
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let name = &service.names.reply;
    let variants = service.methods_of(Kind::Request).map(|method| {
        let doc = format!("What `{}` returned.", method.name());
        let attributes = method_attributes(method, attributes::cfg_or_doc, &doc);
        let (variant, output) = (&method.variant, &method.output);
        quote!(#(#attributes)* #variant(#output))
    });
    quote_spanned! {span=>
        #attributes
        #vis enum #name {
            #(#variants),*
        }
    }
}
