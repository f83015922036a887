//! The host's half: a stub with the trait's methods, and its view of calls that are sent now and waited for later.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{
    calls, item_attributes, item_span, local, located,
    messages::{Messages, angled, clause},
};
use crate::model::{Kind, Service};

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
pub(super) fn impls(service: &Service, messages: &Messages<'_>) -> TokenStream {
    let (host, start) = (&service.names.host, &service.names.start);
    let parameters = service.parameters.all();
    let (declared, passed) = (angled(parameters.declared()), angled(parameters.passed()));
    let of_methods =
        service.method_predicates().filter_map(|predicate| service.parameters.expressible(predicate));
    let bounds = clause(parameters.predicates().into_iter().chain(of_methods).chain(messages.crossing()));
    let calls = service.methods.iter().map(|method| match method.kind() {
        Kind::Request => calls::call(service, method),
        Kind::NoRequest => calls::send(service, &messages.norequests, method),
    });
    let starts = service
        .methods_of(Kind::Request)
        .map(|method| calls::start_call(service, &messages.requests, method));
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
