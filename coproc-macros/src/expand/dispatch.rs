//! The worker's half: a message in, a method called, its result out.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::{
    Cfgs, binding,
    form::{Reading, form},
    generated_at, implementor, local,
    messages::{Enum, Messages, angled, anonymous, clause},
    method_static,
    portable::write,
    tail::tail_of,
    worker::worker_field,
};
use crate::{
    carry::{Carriage, Writing, may_have_tail},
    future::Asyncness,
    lifetimes::elided,
    model::{Argument, Kind, Method, Service, lasting},
    projection::of_worker,
    types::peeled,
};

/// The dispatch.
pub(super) fn worker_impl(service: &Service, messages: &Messages<'_>) -> TokenStream {
    let private = &service.private;
    let implementor = implementor();
    let own = service.parameters.own_ones();
    let (host, worker) = (&service.names.host, &service.names.worker);
    let host_arguments = angled(service.parameters.all().passed_by(&implementor));
    let generics = angled([quote!(#implementor)].into_iter().chain(own.declared()));
    let worker_arguments = angled([quote!(#implementor)].into_iter().chain(own.passed()));
    let bounds = bounds(service, messages, &implementor);
    let (this, payload, reply, executor) =
        (local("self"), local("payload"), local("reply"), local("executor"));
    let requests = matched(service, &messages.requests, Kind::Request);
    let norequests = matched(service, &messages.norequests, Kind::NoRequest);
    let source = quote!(#private::Source<'_>);
    let result = quote!(#private::core::result::Result<(), #private::CodecError>);
    quote! {
        #[automatically_derived]
        impl #generics #private::Worker for #worker #worker_arguments #bounds {
            type Host = #host #host_arguments;

            fn request(
                &mut #this,
                #payload: #source,
                #reply: &mut #private::Reply,
                #executor: &mut dyn #private::Executor,
            ) -> #result {
                #requests
            }

            fn norequest(
                &mut #this,
                #payload: #source,
                #executor: &mut dyn #private::Executor,
            ) -> #result {
                #norequests
            }
        }
    }
}

/// What the implementor and the parameters must be.
fn bounds(service: &Service, messages: &Messages<'_>, implementor: &Ident) -> TokenStream {
    let own = service.parameters.own_ones();
    let lasting: Vec<_> = own.types().map(|ty| quote!(#ty: 'static)).collect();
    let of_methods = service.method_predicates().map(|predicate| of_worker(predicate, implementor));
    let crossing = messages.crossing();
    let crossing = crossing.map(|predicate| service.parameters.by_worker(predicate, implementor));
    let implements = service.implements(implementor);
    let implements = [quote!(#implements + 'static)].into_iter();
    clause(implements.chain(lasting).chain(own.predicates()).chain(of_methods).chain(crossing))
}

/// Decodes a message of one kind and calls what it says.
fn matched(service: &Service, message: &Enum<'_>, kind: Kind) -> TokenStream {
    let private = &service.private;
    let named = message.named_by(&anonymous(), &implementor());
    let payload = local("payload");
    let arms = service.methods_of(kind).map(|method| arm(service, message.name, method));
    let never_arm = message.never_arm().map(|_| {
        let name = message.name;
        quote!(#name::__Never(_never, _) => match _never {},)
    });
    quote! {
        match #private::Source::decode::<#named>(#payload)? {
            #(#arms)*
            #never_arm
        }
    }
}

fn arm(service: &Service, message: &Ident, method: &Method) -> TokenStream {
    let private = &service.private;
    let cfgs = Cfgs(&method.attributes);
    let variant = &method.variant;
    let fields = method.arguments.iter().map(|argument| {
        let (cfgs, name, binding) = (Cfgs(&argument.tokens.attrs), &argument.name, binding(argument));
        quote!(#cfgs #name: #binding)
    });
    let held = method.arguments.iter().filter_map(|argument| held(private, argument));
    let call = method_call(service, method);
    let body = match method.kind() {
        Kind::Request => reply(service, method, &call),
        Kind::NoRequest => quote! {
            #call;
            #private::core::result::Result::Ok(())
        },
    };
    quote! {
        #cfgs
        #message::#variant { #(#fields),* } => {
            #(#held)*
            #body
        }
    }
}

/// What an argument needs to be held in while the method runs.
fn held(private: &TokenStream, argument: &Argument) -> Option<TokenStream> {
    let (cfgs, binding) = (Cfgs(&argument.tokens.attrs), binding(argument));
    match argument.carriage {
        Carriage::Changed => Some(quote!(#cfgs let mut #binding = #private::Ref::into_held(#binding)?;)),
        Carriage::OptionalChanged => Some(quote! {
            #cfgs let mut #binding = match #binding {
                #private::core::option::Option::Some(#binding) => {
                    #private::core::option::Option::Some(#private::Ref::into_held(#binding)?)
                }
                #private::core::option::Option::None => #private::core::option::Option::None,
            };
        }),
        Carriage::References => Some(quote!(#cfgs let #binding = #private::Refs::collect(&#binding);)),
        Carriage::Plain | Carriage::Reference | Carriage::OptionalReference => None,
    }
}

/// The method with the message's fields, run to its end.
fn method_call(service: &Service, method: &Method) -> TokenStream {
    let private = &service.private;
    let name = &method.signature.ident;
    let this = local("self");
    // The message's own lifetime is for rustc to find.
    let lends = service.lends_arguments();
    let the_trait = service.the_trait(|_| if lends { anonymous() } else { lasting() });
    let worker = worker_field(service);
    let receiver = method.signature.receiver().map(|receiver| match exclusive(receiver) {
        true => quote!(&mut #this.#worker,),
        false => quote!(&#this.#worker,),
    });

    let arguments = method.arguments.iter().map(|argument| lent_argument(private, argument));
    let implementor = implementor();
    let call = quote!(<#implementor as #the_trait>::#name(#receiver #(#arguments),*));
    match method.asyncness {
        Asyncness::Blocking => call,
        _ => {
            let executor = local("executor");
            quote!(#private::block_on(#executor, #call))
        }
    }
}

fn exclusive(receiver: &syn::Receiver) -> bool {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, mutability) => mutability.is_some(),
        syn::ReceiverKind::Typed(_, ty) => {
            matches!(peeled(ty), Type::Reference(reference) if reference.mutability.is_some())
        }
        _ => false,
    }
}

/// A field of the message as the method takes it.
fn lent_argument(private: &TokenStream, argument: &Argument) -> TokenStream {
    let cfgs = Cfgs(&argument.tokens.attrs);
    let binding = binding(argument);
    let value = match argument.carriage {
        Carriage::Plain => quote!(#binding),
        Carriage::Reference => quote!(&*#binding),
        Carriage::OptionalReference => quote!(#private::core::option::Option::as_deref(&#binding)),
        Carriage::References => quote!(&#binding),
        Carriage::Changed => quote!(#private::Change::lend_mut(&mut #binding)),
        Carriage::OptionalChanged => quote! {
            #private::core::option::Option::map(
                #private::core::option::Option::as_mut(&mut #binding),
                #private::Change::lend_mut,
            )
        },
    };
    quote!(#cfgs #value)
}

/// Calls the method and writes its reply: what it returned, and the arguments that it changed.
fn reply(service: &Service, method: &Method, call: &TokenStream) -> TokenStream {
    let private = &service.private;
    let (value, fields) = (local("value"), local("fields"));
    let (reply, description) = (local("reply"), method_static(method));
    let (take, begin) = if method.changed().next().is_none() && may_have_tail(&method.output.written) {
        let tail = local("tail");
        (tail_of(private, &value, &tail), quote!(reply_with(&#description, #reply, #tail)))
    } else {
        (TokenStream::new(), quote!(reply(&#description, #reply)))
    };
    let writes = [returned(service, method, &value)]
        .into_iter()
        .chain(method.changed().filter_map(|argument| changed(service, argument)));
    quote! {
        let #value = #call;
        #take
        let mut #fields = #private::Method::#begin?;
        #(#writes?;)*
        __serde::ser::SerializeTupleVariant::end(#fields)
    }
}

/// Writes what the method returned, which may borrow from the worker.
fn returned(service: &Service, method: &Method, value: &Ident) -> TokenStream {
    let private = &service.private;
    let written = service.written_by_worker(&method.output.written, &implementor());
    let writing = Writing::of(&written);
    let fields = local("fields");
    let reference = match writing {
        Writing::Value(_) if !matches!(peeled(&written), Type::Reference(_)) => quote!(&#value),
        _ => quote!(#value),
    };
    write(private, &writing, &reference, &quote!(&mut #fields)).unwrap_or_else(|| {
        let span = generated_at(method.output.written.span());
        let form = form(private, &elided(&written), Reading::Lent);
        quote_spanned!(span=> #private::write_lent(&#value, #form, &mut #fields))
    })
}

/// Writes an argument as the method has left it.
fn changed(service: &Service, argument: &Argument) -> Option<TokenStream> {
    let private = &service.private;
    let (binding, fields) = (binding(argument), local("fields"));
    let ty = service.written_by_worker(&argument.tokens.ty, &implementor());
    let writing = Writing::of_owned(&ty, private);
    let value = match writing {
        Writing::Option(_) => quote!(#private::core::option::Option::as_ref(&#binding)),
        _ => quote!(&#binding),
    };
    write(private, &writing, &value, &quote!(&mut #fields))
}
