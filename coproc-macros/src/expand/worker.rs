//! The type that wraps an implementation of the trait, to be served.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{
    implementor, item_attributes, item_span, located,
    messages::{angled, clause},
};
use crate::model::Service;

/// The type.
pub(super) fn worker_type(service: &Service) -> TokenStream {
    let private = &service.path;
    let span = item_span(service);
    let vis = located(&service.item.vis, span);
    let worker = &service.names.worker;
    let name = &service.item.ident;
    let doc =
        format!("Serves an implementation of `{name}`: each message that comes in becomes a call of it.");
    let attributes = item_attributes(service, &doc);
    if service.parameters.own_ones().is_empty() {
        return quote_spanned! {span=>
            #attributes
            #[derive(
                #private::core::clone::Clone,
                #private::core::fmt::Debug,
                #private::core::default::Default
            )]
            #vis struct #worker<T>(pub T);
        };
    }
    let own = service.parameters.own_ones();
    let implementor = implementor();
    let (types, named, passed) =
        (own.types(), own.named(), angled([quote!(#implementor)].into_iter().chain(own.passed())));
    let constructor_doc = format!("A worker out of an implementation of `{name}`.");
    let constructor_attributes = item_attributes(service, &constructor_doc);
    let generics = angled([quote!(#implementor)].into_iter().chain(own.declared()));
    let lasting = own.types().map(|ty| quote!(#ty: 'static));
    let bounds =
        clause([service.implements(&implementor)].into_iter().chain(lasting).chain(own.predicates()));
    quote_spanned! {span=>
        #attributes
        #vis struct #worker<#implementor, #(#named),*> {
            _worker: #implementor,
            _parameters: #private::core::marker::PhantomData<fn(#(#private::core::marker::PhantomData<#types>),*)>,
        }

        #constructor_attributes
        #[allow(non_snake_case)]
        #vis fn #worker #generics(_worker: #implementor) -> #worker #passed #bounds {
            #worker { _worker, _parameters: #private::core::marker::PhantomData }
        }
    }
}

/// The field that holds the implementation.
pub(super) fn worker_field(service: &Service) -> TokenStream {
    if service.parameters.own_ones().is_empty() { quote!(0) } else { quote!(_worker) }
}

/// What a wrapper with parameters can do, which a derive would ask of its parameters too.
pub(super) fn worker_traits(service: &Service) -> Option<TokenStream> {
    let own = service.parameters.own_ones();
    if own.is_empty() {
        return None;
    }
    let private = &service.private;
    let worker = &service.names.worker;
    let name = worker.to_string();
    let implementor = implementor();
    let named = own.named();
    let passed = angled([quote!(#implementor)].into_iter().chain(own.passed()));
    let parameters = quote!(_parameters: #private::core::marker::PhantomData);
    Some(quote! {
        #[automatically_derived]
        impl<#implementor: #private::core::clone::Clone, #(#named),*> #private::core::clone::Clone for #worker #passed {
            fn clone(&self) -> Self {
                #worker { _worker: #private::core::clone::Clone::clone(&self._worker), #parameters }
            }
        }

        #[automatically_derived]
        impl<#implementor: #private::core::fmt::Debug, #(#named),*> #private::core::fmt::Debug for #worker #passed {
            fn fmt(&self, _f: &mut #private::core::fmt::Formatter<'_>) -> #private::core::fmt::Result {
                _f.debug_tuple(#name).field(&self._worker).finish()
            }
        }

        #[automatically_derived]
        impl<#implementor: #private::core::default::Default, #(#named),*> #private::core::default::Default for #worker #passed {
            fn default() -> Self {
                #worker { _worker: #private::core::default::Default::default(), #parameters }
            }
        }
    })
}
