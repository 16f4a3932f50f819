//! HubSpot's signatures of webhook requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Version 1 of HubSpot's signatures: the SHA-256 of the secret and the body, in lower-case
/// hexadecimal digits.
pub(crate) fn v1(client_secret: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(client_secret).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Version 3: the HMAC of the method, the URL, the body and the time in milliseconds, in Base64.
pub(crate) fn v3(
    client_secret: &str,
    method: &str,
    uri: &str,
    body: &[u8],
    timestamp: u128,
) -> String {
    let signed = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes())
        .expect("a key can have any length")
        .chain_update(method)
        .chain_update(decoded(uri))
        .chain_update(body)
        .chain_update(timestamp.to_string());
    STANDARD.encode(signed.finalize().into_bytes())
}

/// The URL as it is signed: twelve percent-escapes in upper case are decoded, and no others.
fn decoded(uri: &str) -> String {
    let mut decoded = String::with_capacity(uri.len());
    let mut rest = uri;
    while let Some(index) = rest.find('%') {
        let (before, escape) = rest.split_at(index);
        decoded.push_str(before);
        let (character, length) = escaped(escape).map_or(('%', 1), |character| (character, 3));
        decoded.push(character);
        rest = &escape[length..];
    }
    decoded.push_str(rest);
    decoded
}

/// The character at the beginning, if it is one of the twelve.
fn escaped(escape: &str) -> Option<char> {
    Some(match escape.get(..3)? {
        "%3A" => ':',
        "%2F" => '/',
        "%3F" => '?',
        "%40" => '@',
        "%21" => '!',
        "%24" => '$',
        "%27" => '\'',
        "%28" => '(',
        "%29" => ')',
        "%2A" => '*',
        "%2C" => ',',
        "%3B" => ';',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The vectors of HubSpot's clients, recomputed.
    const SECRET: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
    const URL: &str = "https://www.example.com/webhook_uri";

    #[test]
    fn the_digest_is_that_of_the_public_vectors() {
        // Version 2 signs the method and the URL in addition to the body.
        for (source, signature) in [
            (
                format!("GET{URL}"),
                "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
            ),
            (
                format!(r#"POST{URL}{{"example_field":"example_value"}}"#),
                "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
            ),
        ] {
            assert_eq!(v1(SECRET, source.as_bytes()), signature);
        }
    }

    #[test]
    fn the_keyed_digest_is_that_of_the_public_vectors() {
        let body = b"{'example_field':'example_value'}";
        for (timestamp, signature) in [
            (1_693_657_560_000, "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y="),
            (1_700_000_300_000, "RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw="),
        ] {
            assert_eq!(v3(SECRET, "POST", URL, body, timestamp), signature);
        }
    }

    #[test]
    fn twelve_escapes_are_decoded_and_no_others() {
        let all = "https://x.example/%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B?a=%40";
        assert_eq!(decoded(all), "https://x.example/:/?@!$'()*,;?a=@");
        for other in ["/a%20b?c=%26%3D%25", "/%253A", "/%3a", "/%", "/%3", "/%é", "/100%?x=%zz"] {
            assert_eq!(decoded(other), other);
        }
    }
}
