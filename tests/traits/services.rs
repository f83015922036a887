//! Types that are named through others: `<Self::Entity as Model>::Id`, `K::Owned`, and a service inside another.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::futures::block_on;
use crate::{remote, same};

/// A thing with an identity.
trait Model {
    type Id: Ord + Clone;
    const TABLE: &'static str;

    fn id(&self) -> Self::Id;
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
struct User {
    id: (u16, u8),
    name: String,
}

impl Model for User {
    type Id = (u16, u8);
    const TABLE: &'static str = "users";

    fn id(&self) -> (u16, u8) {
        self.id
    }
}

/// As object mappers have it.
#[coproc::worker]
trait Repository {
    type Entity: Model;
    type Error;

    fn find(&self, id: &<Self::Entity as Model>::Id) -> Option<Self::Entity>;
    fn save(&mut self, entities: &[Self::Entity]) -> Result<Vec<<Self::Entity as Model>::Id>, Self::Error>;
    fn ids(&self, after: Option<<Self::Entity as Model>::Id>) -> Vec<&<Self::Entity as Model>::Id>;
    fn table(&self) -> &'static str {
        Self::Entity::TABLE
    }
}

#[derive(Default)]
struct Users(BTreeMap<(u16, u8), User>);

impl Repository for Users {
    type Entity = User;
    type Error = String;

    fn find(&self, id: &(u16, u8)) -> Option<User> {
        self.0.get(id).cloned()
    }
    fn save(&mut self, entities: &[User]) -> Result<Vec<(u16, u8)>, String> {
        match entities.iter().find(|user| user.name.is_empty()) {
            Some(user) => Err(format!("{:?} has no name", user.id)),
            None => {
                self.0.extend(entities.iter().map(|user| (user.id(), user.clone())));
                Ok(entities.iter().map(Model::id).collect())
            }
        }
    }
    fn ids(&self, after: Option<(u16, u8)>) -> Vec<&(u16, u8)> {
        self.0.keys().filter(|id| after.is_none_or(|after| **id > after)).collect()
    }
}

#[test]
fn the_identity_of_an_associated_type() {
    let (mut here, there) = (Users::default(), remote(RepositoryWorker(Users::default())));
    let user = |id, name: &str| User { id, name: name.to_owned() };
    same!(here, there =>
        save(&[user((1, 2), "one"), user((3, 4), "three")]),
        save(&[user((5, 6), "")]),
        find(&(1, 2)),
        find(&(5, 6)),
        table(),
    );
    for after in [None, Some((1, 9)), Some((3, 4))] {
        assert_eq!(there.ids(after).unwrap().iter().collect::<Vec<_>>(), here.ids(after));
    }
}

/// What belongs to a type parameter, and one that nothing is sent of.
#[coproc::worker]
trait Interner<K, Tag>
where
    K: ToOwned<Owned: Ord + Clone> + Clone,
    K: Model<Id = u32>,
{
    fn intern(&mut self, value: &K) -> K::Id;
    fn value(&self, id: <K as Model>::Id) -> Option<K::Owned>;
    fn all(&self) -> BTreeMap<K::Id, <K as ToOwned>::Owned>;
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Symbol(String);

impl Model for Symbol {
    type Id = u32;
    const TABLE: &'static str = "symbols";

    fn id(&self) -> u32 {
        self.0.len() as u32
    }
}

/// No message has it, so it needs nothing.
struct NotEvenSend(#[allow(dead_code, reason = "it is what makes it so")] *const ());

#[derive(Default)]
struct ByLength<Tag>(BTreeMap<u32, Symbol>, PhantomData<fn(Tag)>);

impl<Tag> Interner<Symbol, Tag> for ByLength<Tag> {
    fn intern(&mut self, value: &Symbol) -> u32 {
        self.0.insert(value.id(), value.clone());
        value.id()
    }
    fn value(&self, id: u32) -> Option<Symbol> {
        self.0.get(&id).cloned()
    }
    fn all(&self) -> BTreeMap<u32, Symbol> {
        self.0.clone()
    }
}

#[test]
fn what_belongs_to_a_type_parameter() {
    fn new() -> ByLength<NotEvenSend> {
        ByLength(BTreeMap::new(), PhantomData)
    }

    let (mut here, there) = (new(), remote(InternerWorker(new())));
    let symbol = |text: &str| Symbol(text.to_owned());
    same!(here, there => intern(&symbol("a")), intern(&symbol("abc")), intern(&symbol("xyz")), value(3), value(2), all());
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Fault<E> {
    Inner(E),
    Worker(String),
    TooMany(u32),
}

impl<E> From<coproc::Error> for Fault<E> {
    fn from(error: coproc::Error) -> Fault<E> {
        Fault::Worker(format!("{:?}", error.kind()))
    }
}

/// A request in, a future of a response out; layers around it are services too.
#[coproc::worker(transparent)]
trait Service<Request> {
    type Response;
    type Error: From<coproc::Error>;
    type Future: std::future::Future<Output = Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self) -> Result<u32, Self::Error>;
    async fn call(&mut self, request: Request) -> Result<Self::Response, Self::Error>;
    #[local]
    fn future(&mut self, _request: Request) -> Option<Self::Future> {
        None
    }
}

/// A service.
struct Echo;

impl Service<String> for Echo {
    type Response = Vec<char>;
    type Error = Fault<u8>;
    type Future = std::future::Ready<Result<Vec<char>, Fault<u8>>>;

    fn poll_ready(&mut self) -> Result<u32, Fault<u8>> {
        Ok(7)
    }
    async fn call(&mut self, request: String) -> Result<Vec<char>, Fault<u8>> {
        if request.is_empty() { Err(Fault::Inner(1)) } else { Ok(request.chars().collect()) }
    }
}

/// A layer: it is a service around another one, wherever that one runs.
struct Limit<S> {
    inner: S,
    left: u32,
}

impl<S, Request> Service<Request> for Limit<S>
where
    S: Service<Request>,
{
    type Response = S::Response;
    type Error = Fault<S::Error>;
    type Future = std::future::Ready<Result<S::Response, Fault<S::Error>>>;

    fn poll_ready(&mut self) -> Result<u32, Self::Error> {
        self.inner.poll_ready().map(|ready| ready.min(self.left)).map_err(Fault::Inner)
    }
    async fn call(&mut self, request: Request) -> Result<S::Response, Self::Error> {
        self.left = self.left.checked_sub(1).ok_or(Fault::TooMany(self.left))?;
        self.inner.call(request).await.map_err(Fault::Inner)
    }
}

fn told<S>(mut service: S) -> String
where
    S: Service<String, Response: Debug, Error: Debug>,
{
    let mut told = String::new();
    for request in ["one", "", "two", "three"] {
        let ready = format!("{:?}", service.poll_ready());
        told += &format!("{ready} {:?} ", block_on(service.call(request.to_owned())));
    }
    assert!(service.future(String::new()).is_none());
    told
}

#[test]
fn layers_on_either_side() {
    fn limited<S>(inner: S) -> Limit<S> {
        Limit { inner, left: 3 }
    }
    let expected = told(limited(Echo));
    assert!(expected.ends_with("Ok(0) Err(TooMany(0)) "), "{expected}");
    assert_eq!(told(remote(ServiceWorker(limited(Echo)))), expected);
    assert_eq!(told(limited(remote(ServiceWorker(Echo)))), expected);
    assert_eq!(told(limited(limited(Echo))), told(limited(remote(ServiceWorker(limited(Echo))))));
}
