//! New ids in HubSpot's forms.

use fastrand::Rng;
use hubspot_conversations_api::types::MessageId;

/// The id of a message or a comment: 32 hexadecimal digits.
pub(crate) fn message(random: &mut Rng) -> MessageId {
    format!("{:032x}", random.u128(..)).into()
}

/// The id of an event: a dashed UUID.
pub(crate) fn event(random: &mut Rng) -> MessageId {
    uuid(random).into()
}

/// A random UUID.
pub(crate) fn uuid(random: &mut Rng) -> String {
    const VERSION_AND_VARIANT: u128 = 0xf000_c000_0000_0000_0000;
    const VERSION_4: u128 = 0x4000_8000_0000_0000_0000;
    let digits = format!("{:032x}", random.u128(..) & !VERSION_AND_VARIANT | VERSION_4);
    let (a, b, c) = (&digits[..8], &digits[8..12], &digits[12..16]);
    format!("{a}-{b}-{c}-{}-{}", &digits[16..20], &digits[20..])
}
