//! coproc's own attributes of a method, `#[norequest]` and its like.

use syn::{Attribute, Expr, ExprLit, ExprUnary, Lit, Path, UnOp};

/// The marks of one method, each as often as written.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) norequest: Vec<Mark>,
    pub(crate) priority: Vec<Mark>,
    pub(crate) channel: Vec<Mark>,
    pub(crate) local: Vec<Mark>,
    pub(crate) remote: Vec<Mark>,
    pub(crate) on_failure: Vec<Mark>,
}

/// Their names.
const NAMES: [&str; 6] = ["norequest", "priority", "channel", "local", "remote", "on_failure"];

/// One mark.
pub(crate) struct Mark {
    pub(crate) attribute: Attribute,
    pub(crate) value: Value,
}

/// What stands in a mark's parentheses.
pub(crate) enum Value {
    /// No parentheses, or not one expression in them.
    Missing,
    Text(Expr),
    Integer(Expr, i128),
    /// Any other literal.
    Literal(Expr),
    /// No literal: a constant, which rustc evaluates.
    Constant(Expr),
}

/// Whether an attribute's name is that of a mark.
pub(crate) fn is_mark(path: &Path) -> bool {
    NAMES.iter().any(|mark| path.is_ident(mark))
}

impl Marks {
    /// Takes the marks out of a method's attributes, so that the trait can be emitted without them.
    pub(crate) fn take(attributes: &mut Vec<Attribute>) -> Marks {
        let mut marks = Marks::default();
        for attribute in attributes.extract_if(.., |attribute| is_mark(attribute.path())) {
            let value = attribute.parse_args().map_or(Value::Missing, Value::of);
            let list = match attribute.path() {
                path if path.is_ident("norequest") => &mut marks.norequest,
                path if path.is_ident("priority") => &mut marks.priority,
                path if path.is_ident("channel") => &mut marks.channel,
                path if path.is_ident("local") => &mut marks.local,
                path if path.is_ident("remote") => &mut marks.remote,
                _ => &mut marks.on_failure,
            };
            list.push(Mark { attribute, value });
        }
        marks
    }

    /// All of them, by name.
    pub(crate) fn lists(&self) -> [&Vec<Mark>; 6] {
        [&self.norequest, &self.priority, &self.channel, &self.local, &self.remote, &self.on_failure]
    }
}

impl Value {
    fn of(expression: Expr) -> Value {
        let (sign, operand) = match peeled(&expression) {
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => ("-", peeled(expr)),
            other => ("", other),
        };
        match operand {
            Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) if sign.is_empty() => Value::Text(expression),
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
                match format!("{sign}{}", number.base10_digits()).parse() {
                    Ok(integer) => Value::Integer(expression, integer),
                    Err(_) => Value::Literal(expression),
                }
            }
            Expr::Lit(_) => Value::Literal(expression),
            _ => Value::Constant(expression),
        }
    }
}

/// The expression without the parentheses and the `macro_rules!` wrapping around it.
fn peeled(expression: &Expr) -> &Expr {
    match expression {
        Expr::Group(group) => peeled(&group.expr),
        Expr::Paren(paren) => peeled(&paren.expr),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Marks, Value};
    use syn::{Attribute, parse_quote};

    fn priority(attribute: Attribute) -> Value {
        let mut attributes = vec![parse_quote!(#[doc = "x"]), attribute, parse_quote!(#[norequest])];
        let mut marks = Marks::take(&mut attributes);
        assert_eq!((attributes.len(), marks.norequest.len()), (1, 1));
        marks.priority.pop().unwrap().value
    }

    #[test]
    fn values_are_told_apart() {
        assert!(matches!(priority(parse_quote!(#[priority])), Value::Missing));
        assert!(matches!(priority(parse_quote!(#[priority = 1])), Value::Missing));
        assert!(matches!(priority(parse_quote!(#[priority(1, 2)])), Value::Missing));
        assert!(matches!(priority(parse_quote!(#[priority(-0x10)])), Value::Integer(_, -16)));
        assert!(matches!(priority(parse_quote!(#[priority((-(7)))])), Value::Integer(_, -7)));
        assert!(matches!(priority(parse_quote!(#[priority("x")])), Value::Text(_)));
        assert!(matches!(priority(parse_quote!(#[priority(1.5)])), Value::Literal(_)));
        assert!(matches!(priority(parse_quote!(#[priority(URGENT)])), Value::Constant(_)));
    }
}
