//! Transparent stubs of generic traits, of async methods and of methods that change their arguments.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::remote;

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Lost(String);

impl From<coproc::Error> for Lost {
    fn from(error: coproc::Error) -> Lost {
        Lost(format!("{:?}", error.kind()))
    }
}

/// Associated types are the stub's parameters, and what it names as its own.
#[coproc::worker(transparent, on_failure = panic)]
trait Ledger<Account: Ord, const N: usize = 3>
where
    Account: Debug + Clone,
{
    type Amount: Copy + Default + PartialOrd;
    type Error: From<coproc::Error>;
    type Unused;
    const NAME: &'static str = "ledger";

    fn balance(&self, of: &Account) -> Option<Self::Amount>;
    fn transfer(
        &mut self,
        from: &Account,
        to: Account,
        amount: Self::Amount,
    ) -> Result<Self::Amount, Self::Error>;
    fn top(&self) -> [Option<(Account, Self::Amount)>; N];
    fn accounts(&self, at_least: Option<&Self::Amount>) -> Vec<Account>
    where
        Account: Clone;
    fn settle(&mut self, amounts: &mut [Self::Amount; N], account: &Account);
    fn richest(&self) -> Option<Account> {
        self.top().into_iter().next()?.map(|(account, _)| account)
    }
    fn is_empty_handed(&self, account: &Account) -> bool {
        self.balance(account).is_none_or(|balance| balance <= Self::Amount::default())
    }
    #[local]
    fn balances<'a, I>(&self, accounts: I) -> Vec<Self::Amount>
    where
        I: IntoIterator<Item = &'a Account>,
        Account: 'a,
    {
        accounts.into_iter().filter_map(|account| self.balance(account)).collect()
    }
}

#[derive(Default)]
struct Book(BTreeMap<String, i32>);

impl Ledger<String> for Book {
    type Amount = i32;
    type Error = Lost;
    type Unused = u8;

    fn balance(&self, of: &String) -> Option<i32> {
        self.0.get(of).copied()
    }
    fn transfer(&mut self, from: &String, to: String, amount: i32) -> Result<i32, Lost> {
        if amount < 0 {
            return Err(Lost(format!("{amount} from {from:?}")));
        }
        *self.0.entry(from.clone()).or_default() -= amount;
        *self.0.entry(to).or_default() += amount;
        Ok(self.0[from])
    }
    fn top(&self) -> [Option<(String, i32)>; 3] {
        let mut all: Vec<_> = self.0.clone().into_iter().collect();
        all.sort_by_key(|(_, amount)| -amount);
        let mut all = all.into_iter();
        [(); 3].map(|()| all.next())
    }
    fn accounts(&self, at_least: Option<&i32>) -> Vec<String> {
        let enough = |amount: &i32| at_least.is_none_or(|least| amount >= least);
        self.0.iter().filter(|(_, amount)| enough(amount)).map(|(account, _)| account.clone()).collect()
    }
    fn settle(&mut self, amounts: &mut [i32; 3], account: &String) {
        *self.0.entry(account.clone()).or_default() += amounts.iter().sum::<i32>();
        *amounts = [0, 0, self.0[account]];
    }
}

/// Written for any ledger, and told of the amounts only that they can be shown.
fn told<L>(mut ledger: L, amounts: [L::Amount; 3]) -> Vec<String>
where
    L: Ledger<String>,
    L::Amount: Debug,
    L::Error: Debug,
{
    let account = |name: &str| name.to_owned();
    let [small, large, wrong] = amounts;
    let mut told = vec![L::NAME.to_owned(), format!("{:?}", ledger.richest())];
    for amount in [small, large, wrong] {
        told.push(format!("{:?}", ledger.transfer(&account("a"), account("b"), amount)));
    }
    told.push(format!("{:?} {:?}", ledger.balance(&account("b")), ledger.balance(&account("z"))));
    told.push(format!("{:?} {:?}", ledger.top(), ledger.accounts(Some(&small))));
    let mut settled = amounts;
    ledger.settle(&mut settled, &account("c"));
    told.push(format!("{settled:?} {:?} {:?}", ledger.richest(), ledger.accounts(None)));
    told.push(format!("{:?}", ledger.balances(&["b", "x", "a"].map(account))));
    told.push(format!("{} {}", ledger.is_empty_handed(&account("a")), ledger.is_empty_handed(&account("b"))));
    told
}

#[test]
fn generic_code_takes_a_generic_stub() {
    let amounts = [5, 70, -1];
    let there: LedgerHost<String, 3, i32, Lost, u8> = remote(LedgerWorker(Book::default()));
    assert_eq!(told(there, amounts), told(Book::default(), amounts));
}

/// As a plugin host has them: any parameters, behind one `dyn`.
#[coproc::worker(transparent)]
trait Filter<'t, In, Out: ?Sized = str>
where
    In: Serialize,
{
    type Error: From<coproc::Error>;

    fn filter(&mut self, input: In, marks: &[&str]) -> Result<Vec<In>, Self::Error>;
    fn name(&self, short: bool) -> Result<String, Self::Error>;
    #[on_failure(default)]
    fn count(&self) -> (u64, Option<In>);
    #[local]
    fn output(&self) -> Option<&'t Out> {
        None
    }
}

struct Doubling(u64);

impl<'t> Filter<'t, i16> for Doubling {
    type Error = Lost;

    fn filter(&mut self, input: i16, marks: &[&str]) -> Result<Vec<i16>, Lost> {
        self.0 += 1;
        let doubled = input.checked_mul(2).ok_or_else(|| Lost(marks.concat()))?;
        Ok(vec![doubled; marks.len()])
    }
    fn name(&self, short: bool) -> Result<String, Lost> {
        Ok(if short { "x2" } else { "doubling" }.to_owned())
    }
    fn count(&self) -> (u64, Option<i16>) {
        (self.0, i16::try_from(self.0).ok())
    }
}

type AnyFilter = Box<dyn for<'t> Filter<'t, i16, Error = Lost>>;

#[test]
fn stubs_of_a_generic_trait_behind_dyn() {
    let there: FilterHost<i16, str, Lost> = remote(FilterWorker(Doubling(0)));
    let mut filters: Vec<AnyFilter> = vec![Box::new(Doubling(0)), Box::new(there)];
    let told = filters.iter_mut().map(|filter| {
        let mut told =
            format!("{:?} {:?} ", filter.filter(4, &["a", "b"]), filter.filter(i16::MAX, &["c", "d"]));
        told += &format!("{:?} {:?} ", filter.name(true), filter.name(false));
        told + &format!("{:?} {:?}", filter.count(), filter.output())
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told[0], told[1]);
}
