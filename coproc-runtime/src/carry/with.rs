//! What a module is named for in `#[serde(with = …)]`.

/// A module's form, and the two functions that serde calls by it: what the first one does, how it fails, what the second does.
macro_rules! serde_with {
    ($writes:literal, $fails:literal, $reads:literal $(,)?) => {
        /// The form of this module, for [`SerializeAs`] and [`DeserializeAs`].
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Form;

        impl $crate::carry::form::Special for Form {}

        impl $crate::carry::form::KeepsErrors for Form {}

        #[doc = $writes]
        ///
        /// # Errors
        ///
        #[doc = $fails]
        pub fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
        where
            T: SerializeAs<Form> + ?Sized,
            S: Serializer,
        {
            value.serialize_as(serializer)
        }

        #[doc = $reads]
        ///
        /// # Errors
        ///
        /// The deserializer's.
        pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
        where
            T: DeserializeAs<'de, Form>,
            D: Deserializer<'de>,
        {
            T::deserialize_as(deserializer)
        }
    };
}
