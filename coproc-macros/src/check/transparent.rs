//! What a trait must be like so that its stub can implement it.

use syn::TraitItem;

use crate::{
    attributes,
    lifetimes::refers,
    marks::{Mark, Value},
    model::{Body, Method, Service},
    report::Report,
};

/// The rules for the trait.
pub(super) fn service(service: &Service, report: &mut Report) {
    if !service.is_transparent() {
        return;
    }
    for item in &service.item.items {
        match item {
            TraitItem::Const(constant) if constant.default.is_none() => report.refuse(
                &constant.ident,
                "the stub implements the trait, and cannot know which value a worker chooses here",
                format!(
                    "give it a value, or ask for it: `fn {}(&self) -> …;`",
                    constant.ident.to_string().to_lowercase()
                ),
            ),
            TraitItem::Type(associated) if !associated.generics.params.is_empty() => report.refuse(
                &associated.ident,
                "the stub implements the trait, and cannot know which types a worker chooses here",
                "write the type itself in the methods",
            ),
            _ => {}
        }
    }
    for method in service.local_methods.iter().filter(|method| method.body == Body::Missing) {
        let name = &method.signature.ident;
        let reason = "the stub implements the trait, and has no way to run this method";
        report.under(attributes::condition(&method.attributes), |report| {
            report.refuse(name, reason, format!("give it a default body: `fn {name}(…) {{ … }}`"));
        });
    }
    for (name, _) in service.parameters.associated_types() {
        if !service.declares(name) {
            let reason =
                format!("the stub implements the trait, and cannot choose the `{name}` of another one");
            report.refuse(name, reason, format!("write the type itself instead of `Self::{name}`"));
        }
    }
}

/// The rules for a method that others call in the worker.
pub(super) fn method(service: &Service, method: &Method, report: &mut Report) {
    let marks = &method.marks;
    if !service.is_transparent() {
        for Mark { attribute, .. } in marks.remote.iter().chain(&marks.on_failure) {
            let reason = "this is for a stub that implements the trait";
            report.refuse(attribute, reason, "write `#[worker(transparent)]` above the trait");
        }
        return;
    }
    for Mark { attribute, value } in &marks.on_failure {
        if let Value::Missing = value {
            let reason = "`on_failure` says what the method does when its call fails";
            report.refuse(
                attribute,
                reason,
                "write `#[on_failure(panic)]`, `#[on_failure(default)]` or a value",
            );
        }
    }
    if !method.is_forwarded() {
        for Mark { attribute, .. } in &marks.on_failure {
            let reason = "a default body runs on the host: there is no call that could fail";
            report.refuse(attribute, reason, "remove it, or write `#[remote]` above it");
        }
        return;
    }
    let (signature, name) = (&method.signature, &method.signature.ident);
    if signature.receiver().is_none() {
        let reason = "without `self` there is no stub that could call its worker";
        report.refuse_remote(
            signature,
            name,
            reason,
            format!("write `fn {name}(&self, …)`, or give it a default body"),
        );
    }
    if refers(&method.output.written) {
        let reason = "what the stub returns cannot borrow from the worker's memory";
        report.refuse_remote(
            signature,
            &method.output.written,
            reason,
            "return an owned value, or give it a default body",
        );
    }
}
