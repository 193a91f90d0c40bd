//! The `with_…` methods of configurations, as Burn's `Config` derives them. These configurations
//! cannot use the derive, because they are validated while they are deserialized.

/// Generates `with_field field: Type` for each field that can be set by itself.
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
