//! A stub that implements the trait itself: code written for the trait runs on a remote one unchanged.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, FnArg, Pat, ReturnType, Signature, spanned::Spanned};

use super::{
    Cfgs, generated_at, local, located,
    messages::{Messages, angled, clause},
};
use crate::{
    attributes,
    future::Asyncness,
    marks::Value,
    model::{Method, Service},
    projection::mentions,
};

/// The implementation; nothing where it is not asked for.
pub(super) fn implementation(service: &Service, messages: &Messages<'_>) -> Option<TokenStream> {
    if !service.is_transparent() {
        return None;
    }
    let private = &service.private;
    // Another macro that has rewritten the trait has to rewrite this too.
    let rewritten =
        service.item.attrs.iter().filter(|attribute| {
            attribute.path().segments.last().is_some_and(|last| last.ident == "async_trait")
        });
    let host = &service.names.host;
    let all = service.parameters.all();
    let lifetimes = service.item.generics.lifetimes().map(ToTokens::to_token_stream);
    let generics = angled(lifetimes.chain(all.declared()));
    let passed = angled(all.passed());
    let of_methods =
        service.method_predicates().filter_map(|predicate| service.parameters.expressible(predicate));
    let lasting = all.types().map(|ty| quote!(#ty: 'static));
    let above = supertraits(service, &passed);
    let sent = service.methods.iter().filter_map(|method| sent(service, method));
    let bounds = all.predicates().into_iter().chain(lasting).chain(of_methods).chain(messages.crossing());
    let bounds = clause(bounds.chain(above).chain(sent));
    let the_trait = service.the_trait(Clone::clone);
    let associated = service.parameters.associated_types().filter(|(name, _)| service.declares(name));
    let associated = associated.map(|(name, parameter)| quote!(type #name = #parameter;));
    let methods = service.methods.iter().filter(|method| method.is_forwarded());
    let methods = methods.map(|method| forwarded(service, method));
    Some(quote! {
        #(#rewritten)*
        #[automatically_derived]
        impl #generics #the_trait for #host #passed #bounds {
            #(#associated)*
            #(#methods)*
        }

        // The two traits of a decision that is made for all methods.
        #[allow(unused_imports)]
        use #private::failure::{Decided as _, Returned as _};
    })
}

/// The supertraits of a stub with parameters: who uses it implements them for the parameters that he has.
fn supertraits(service: &Service, passed: &TokenStream) -> Option<TokenStream> {
    let above = service.item.supertraits.iter().filter_map(|bound| service.parameters.expressible(bound));
    let above: Vec<_> = above.collect();
    let host = &service.names.host;
    (!passed.is_empty() && !above.is_empty()).then(|| quote!(#host #passed: #(#above)+*))
}

/// That the output of a future which has to be `Send` is `Send`, where that depends on a parameter.
fn sent(service: &Service, method: &Method) -> Option<TokenStream> {
    let (private, output) = (&service.private, &method.output.owned);
    let written = method.signature.output.to_token_stream();
    let is_open = !service.parameters.used_in(&output.to_token_stream()).is_empty();
    let is_sent = matches!(method.asyncness, Asyncness::Future | Asyncness::Boxed)
        && mentions(&written, &format_ident!("Send"));
    (is_open && is_sent && method.is_forwarded()).then(|| quote!(#output: #private::core::marker::Send))
}

/// A method that calls the worker.
fn forwarded(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let attributes = attributes::filtered(&method.attributes, attributes::cfg_or_allow);
    let signature = named(method);
    let name = &method.signature.ident;
    let host = &service.names.host;
    let passed = angled(service.parameters.all().passed());
    let (this, value, error) = (quote!(self), local("value"), local("error"));
    let arguments = method.arguments.iter().map(|argument| {
        let (cfgs, name) = (Cfgs(&argument.tokens.attrs), &argument.name);
        quote!(#cfgs #name)
    });
    let failed = failed(service, method);
    let outcome = quote! {
        match <#host #passed>::#name(#this, #(#arguments),*) {
            #private::core::result::Result::Ok(#value) => #value,
            #private::core::result::Result::Err(#error) => #failed,
        }
    };
    let body = match method.asyncness {
        Asyncness::Blocking | Asyncness::Async => outcome,
        Asyncness::Future => quote!(#private::core::future::ready(#outcome)),
        Asyncness::Boxed => quote!(#private::std::boxed::Box::pin(#private::core::future::ready(#outcome))),
    };
    quote! {
        #(#attributes)*
        #signature { #body }
    }
}

/// The signature with a name for every argument.
fn named(method: &Method) -> Signature {
    let mut signature = method.signature.clone();
    let typed = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    for (written, argument) in typed.zip(&method.arguments) {
        let name = &argument.name;
        *written.pat = Pat::Verbatim(quote!(#name));
        written.attrs = attributes::filtered(&written.attrs, attributes::cfg);
    }
    signature
}

/// What the method does with a failed call: what is decided for it, or for all; else it must be able to return it.
fn failed(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let output = &method.output.written;
    let error = local("error");
    let span = match &method.signature.output {
        ReturnType::Default => generated_at(method.signature.ident.span()),
        ReturnType::Type(..) => generated_at(output.span()),
    };
    if let Some(mark) = method.marks.on_failure.first() {
        return match &mark.value {
            Value::Constant(decided) if is_word(decided, "panic") => {
                decide(service, method, &quote!(Panics), decided.span())
            }
            Value::Constant(decided) if is_word(decided, "default") => {
                decide(service, method, &quote!(Defaults), decided.span())
            }
            Value::Constant(value)
            | Value::Text(value)
            | Value::Integer(value, _)
            | Value::Literal(value) => {
                quote!({ let _ = #error; #value })
            }
            Value::Missing => {
                quote!(#private::failure::Decision::<#output>::decide(#private::failure::Panics, #error))
            }
        };
    }
    let decision = match service.options.path("on_failure") {
        Some(path) if path.is_ident("panic") => Some(quote_spanned!(span=> Panics)),
        Some(_) => Some(quote_spanned!(span=> Defaults)),
        None => None,
    };
    let private = located(private, span);
    match decision {
        Some(decision) => quote_spanned! {span=>
            (&#private::failure::Outcome::<#output>::new()).__of(#error, #private::failure::#decision)
        },
        None => {
            let output = located(&output, span);
            quote_spanned!(span=> <#output as #private::failure::FromFailure>::from_failure(#error))
        }
    }
}

fn decide(
    service: &Service,
    method: &Method,
    decision: &TokenStream,
    span: proc_macro2::Span,
) -> TokenStream {
    let (output, error, span) = (&method.output.written, local("error"), generated_at(span));
    let (private, decision) = (located(&service.private, span), located(decision, span));
    quote_spanned!(span=> #private::failure::Decision::<#output>::decide(#private::failure::#decision, #error))
}

fn is_word(expression: &Expr, word: &str) -> bool {
    matches!(expression, Expr::Path(path) if path.path.is_ident(word))
}
