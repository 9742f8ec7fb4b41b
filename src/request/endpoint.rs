use crate::request::operation::Operation;
use crate::request::problems::Problems;
use crate::request::response_body::ResponseBody;
use crate::request::set_inputs::SetInputs;

/// A call of one operation of the contract. Implemented by the builders in [`operations`](crate::operations) alone.
///
/// Code that works with every operation is generic over it: the mock kit, for instance.
///
/// ```
/// use spkey::{Client, Endpoint};
///
/// fn retry_class<E: Endpoint>(_call: &E) -> spkey::RetryClass {
///     E::OPERATION.retry
/// }
///
/// let spkey = Client::builder().api_key("a-key").build()?;
/// assert_eq!(retry_class(&spkey.open_lock(123)), spkey::RetryClass::AtMostOnce);
/// # Ok::<(), spkey::Error>(())
/// ```
pub trait Endpoint: Sealed {
    /// The operation that is called.
    const OPERATION: &'static Operation;
    /// What a success returns.
    type Response: ResponseBody;
    /// The body of the request; `()` where it has none.
    type Body;
}

/// What only this crate calls.
pub trait Sealed: Clone + Send + 'static {
    /// What is wrong with the inputs.
    fn problems(&self) -> &Problems;
    /// Shows each input with its value, where it is set.
    fn set_inputs(&self, set: &mut SetInputs);
}
