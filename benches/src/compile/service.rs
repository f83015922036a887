//! The service that is compiled: 16 kinds of method for each of 4 kinds of record.

/// A method, and how it is called once.
struct Method {
    receiver: &'static str,
    name: &'static str,
    arguments: &'static [(&'static str, Type)],
    output: &'static str,
    body: &'static str,
}

/// The type of an argument, with a value for it: as one lends it, and as a peer that lends nothing needs it.
struct Type {
    lent: &'static str,
    lent_value: &'static str,
    owned: &'static str,
    owned_value: &'static str,
}

/// The records, of which `@` is the name and `%` the type in what follows. The types are in `records.rs.in`.
const RECORDS: [(&str, &str); 4] =
    [("document", "Document"), ("account", "Account"), ("job", "Job"), ("image", "Image")];

const ID: Type = plain("u64", "7");
const COUNT: Type = plain("u32", "3");
const LIMIT: Type = plain("Option<u32>", "Some(3)");
const LABEL: Type = plain("Option<String>", "None");
const WORDS: Type = plain("Vec<String>", "vec![String::from(\"a\")]");
const WEIGHTS: Type = plain("Vec<f64>", "vec![0.5]");
const RECORD: Type = plain("%", "%::default()");
const LENT_RECORD: Type = lent("&%", "&%::default()", "%", "%::default()");
const TEXT: Type = lent("&str", "\"text\"", "String", "String::from(\"text\")");
const BYTES: Type = lent("&[u8]", "b\"bytes\"", "Vec<u8>", "b\"bytes\".to_vec()");

#[rustfmt::skip]
const METHODS: [Method; 16] = [
    method("&mut self", "add_@", &[("record", LENT_RECORD)], "u64", "record.id"),
    method("&self", "get_@", &[("id", ID)], "Option<%>", "None"),
    method("&mut self", "replace_@", &[("id", ID), ("record", RECORD)], "Result<(), String>", "Ok(())"),
    method("&mut self", "remove_@", &[("id", ID)], "bool", "true"),
    method("&self", "count_@s", &[], "u64", "1"),
    method("&self", "find_@s", &[("query", TEXT), ("limit", LIMIT)], "Vec<u64>", "Vec::new()"),
    method("&self", "list_@s", &[("from", ID), ("count", COUNT)], "Vec<%>", "Vec::new()"),
    method("&mut self", "rename_@", &[("id", ID), ("name", TEXT)], "Result<(), String>", "Ok(())"),
    method("&mut self", "tag_@", &[("id", ID), ("tags", WORDS)], "()", "()"),
    method("&self", "tags_of_@", &[("id", ID)], "Vec<String>", "Vec::new()"),
    method("&mut self", "write_@", &[("id", ID), ("from", ID), ("bytes", BYTES)], "Result<u64, String>", "Ok(1)"),
    method("&self", "read_@", &[("id", ID), ("count", COUNT)], "Result<Vec<u8>, String>", "Ok(Vec::new())"),
    method("&self", "score_@", &[("id", ID), ("weights", WEIGHTS)], "f64", "0.5"),
    method("&mut self", "link_@s", &[("from", ID), ("to", ID), ("label", LABEL)], "bool", "true"),
    method("&mut self", "clear_@s", &[], "()", "()"),
    method("&self", "rank_@s", &[("words", WORDS), ("limit", LIMIT)], "Result<Vec<(u64, f64)>, String>", "Ok(Vec::new())"),
];

/// A line for each method of the service.
pub(crate) struct Source {
    /// The trait's methods.
    pub(crate) declarations: String,
    /// The implementation's.
    pub(crate) definitions: String,
    /// A call of each.
    pub(crate) calls: String,
}

/// The service as it is written for blocking calls, which lend their arguments; `ending` follows each call.
pub(crate) fn lending(ending: &str) -> Source {
    let signature = |method: &Method| {
        let arguments = method.arguments(|(name, ty)| format!(", {name}: {}", ty.lent));
        format!("fn {}({}{arguments}) -> {}", method.name, method.receiver, method.output)
    };
    let call = |method: &Method| {
        let arguments = method.arguments(|(_, ty)| format!("{}, ", ty.lent_value));
        format!("catalogue.{}({arguments}){ending}", method.name)
    };
    Source::new(signature, signature, call)
}

/// The service as tarpc wants it.
pub(crate) fn tarpc() -> Source {
    let declaration = |method: &Method| {
        let arguments = method.arguments(|(name, ty)| format!("{name}: {}, ", ty.owned));
        format!("async fn {}({arguments}) -> {}", method.name, method.output)
    };
    let definition = |method: &Method| {
        let arguments = method.arguments(|(name, ty)| format!(", {name}: {}", ty.owned));
        format!("async fn {}(self, _: Context{arguments}) -> {}", method.name, method.output)
    };
    let call = |method: &Method| {
        let arguments = method.arguments(|(_, ty)| format!(", {}", ty.owned_value));
        format!("catalogue.{}(context::current(){arguments}).await?", method.name)
    };
    Source::new(declaration, definition, call)
}

impl Source {
    fn new(
        declaration: impl Fn(&Method) -> String,
        definition: impl Fn(&Method) -> String,
        call: impl Fn(&Method) -> String,
    ) -> Self {
        Self {
            declarations: lines(|method| format!("    {};\n", declaration(method))),
            definitions: lines(|method| format!("    {} {{ {} }}\n", definition(method), method.body)),
            calls: lines(|method| format!("    let _ = {};\n", call(method))),
        }
    }
}

/// A line for each method of each record.
fn lines(line: impl Fn(&Method) -> String) -> String {
    let of_record = |(name, ty)| {
        METHODS.iter().map(|method| line(method).replace('@', name).replace('%', ty)).collect::<String>()
    };
    RECORDS.into_iter().map(of_record).collect()
}

impl Method {
    fn arguments(&self, argument: impl Fn(&(&'static str, Type)) -> String) -> String {
        self.arguments.iter().map(argument).collect()
    }
}

const fn method(
    receiver: &'static str,
    name: &'static str,
    arguments: &'static [(&'static str, Type)],
    output: &'static str,
    body: &'static str,
) -> Method {
    Method { receiver, name, arguments, output, body }
}

/// A type that is sent as it is.
const fn plain(ty: &'static str, value: &'static str) -> Type {
    lent(ty, value, ty, value)
}

const fn lent(
    lent: &'static str,
    lent_value: &'static str,
    owned: &'static str,
    owned_value: &'static str,
) -> Type {
    Type { lent, lent_value, owned, owned_value }
}
