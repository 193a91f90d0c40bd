//! The methods `with_…` of configurations, as Burn's `Config` derives them. Not derived here: these
//! configurations check themselves while they are read, which the derive has no place for.

/// `with_field field: Type` for each field that can be changed by itself.
macro_rules! with_fields {
    ($config:ident { $($with:ident $field:ident: $value:ty),+ $(,)? }) => {
        impl $config {
            $(#[doc = concat!(
                "The same with another [`", stringify!($field), "`](field@Self::",
                stringify!($field), ")."
            )]
            #[must_use]
            pub fn $with(mut self, $field: $value) -> Self {
                self.$field = $field;
                self
            })+
        }
    };
}
pub(crate) use with_fields;
