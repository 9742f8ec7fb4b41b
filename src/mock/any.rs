use crate::value::into_input::{InputType, IntoInput, InvalidInput};

/// An argument that a stub leaves open: see [`any`].
#[derive(Clone, Copy, Debug)]
pub struct Any(());

/// Leaves an argument of a stub open: it matches any value.
///
/// A call with it cannot be sent.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spkey::Error> {
/// use spkey::mock::{MockSpKey, any};
///
/// let mock = MockSpKey::start().await;
/// let spkey = mock.client();
/// mock.given(spkey.open_lock(any())).expect(1);
/// spkey.open_lock(123).send().await?;
///
/// let error = spkey.open_lock(any()).send().await.unwrap_err();
/// assert!(error.to_string().contains("lock_id is `mock::any()`"));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn any() -> Any {
    Any(())
}

impl<T: InputType> IntoInput<T> for Any {
    fn into_input(self) -> Result<T, InvalidInput> {
        Err(InvalidInput::Open)
    }
}

impl<T: InputType> IntoInput<Option<T>> for Any {
    fn into_input(self) -> Result<Option<T>, InvalidInput> {
        Err(InvalidInput::Open)
    }
}
