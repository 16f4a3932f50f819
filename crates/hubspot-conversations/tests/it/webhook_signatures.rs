//! Who may send events. The vectors are those of HubSpot's own clients, or were computed apart from
//! this crate.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use hubspot_conversations::webhook::{SignatureError, Verifier};

const SECRET: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const BASE: &str = "https://www.example.com";
const URI: &str = "/webhook_uri";
const TIME: i64 = 1_693_657_560_000;

const SIGNATURE_V3: &str = "x-hubspot-signature-v3";
const TIMESTAMP: &str = "x-hubspot-request-timestamp";
const SIGNATURE: &str = "x-hubspot-signature";
const VERSION: &str = "x-hubspot-signature-version";

const SINGLE_QUOTED: &[u8] = b"{'example_field':'example_value'}";
const BODY: &[u8] = br#"{"example_field":"example_value"}"#;

/// A request as it arrives.
#[derive(Clone)]
struct Call {
    method: Method,
    uri: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    fn new(method: Method, uri: &str, body: &[u8], headers: &[(&'static str, &str)]) -> Self {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        });
        Self { method, uri: uri.to_owned(), headers: headers.collect(), body: body.to_vec() }
    }

    fn check(&self, verifier: &Verifier, at: i64) -> Result<(), SignatureError> {
        verifier.verify_at(&self.method, &self.uri, &self.headers, &self.body, time(at))
    }

    fn with(&self, name: &'static str, value: &[u8]) -> Self {
        let mut call = self.clone();
        call.headers.insert(name, HeaderValue::from_bytes(value).unwrap());
        call
    }

    fn without(&self, name: &'static str) -> Self {
        let mut call = self.clone();
        call.headers.remove(name).unwrap();
        call
    }
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(SECRET, BASE).unwrap()
}

fn v3() -> Call {
    let signature = "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=";
    let headers = [(SIGNATURE_V3, signature), (TIMESTAMP, "1693657560000")];
    Call::new(Method::POST, URI, SINGLE_QUOTED, &headers)
}

/// With each of the twelve escapes in its URL, and others.
fn v3_with_escapes() -> Call {
    let uri = "/hook%2Fa%3Ab?to=a%40b&q=%21%24%27%28%29%2A%2C%3B&keep=%20%2B&again=%2F%3F";
    let signature = "tdTnWezCJoQVcNBNdZJ0nRoqaaYj1Itp+L93rgwpGZg=";
    let headers = [(SIGNATURE_V3, signature), (TIMESTAMP, "1693657560000")];
    Call::new(Method::POST, uri, BODY, &headers)
}

fn v2() -> Call {
    let signature = "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900";
    Call::new(Method::POST, URI, BODY, &[(SIGNATURE, signature), (VERSION, "v2")])
}

fn v1() -> Call {
    let signature = "54b2530692e3a3982727206aeee670ed1d85319cad55d4ddbafcf41725ebf2b3";
    Call::new(Method::POST, URI, BODY, &[(SIGNATURE, signature), (VERSION, "v1")])
}

/// Everything that differs from these bytes in one bit.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(move |bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

/// With one bit of the method, the path or the body changed. What cannot be a method or text at all
/// does not get this far.
fn flipped_requests(call: &Call) -> Vec<Call> {
    let methods = flips(call.method.as_str().as_bytes())
        .filter_map(|method| Method::from_bytes(&method).ok())
        .map(|method| Call { method, ..call.clone() });
    let uris = flips(call.uri.as_bytes())
        .filter_map(|uri| String::from_utf8(uri).ok())
        .map(|uri| Call { uri, ..call.clone() });
    let bodies = flips(&call.body).map(|body| Call { body, ..call.clone() });
    methods.chain(uris).chain(bodies).collect()
}

/// With one bit of a header changed.
fn flipped_headers(call: &Call, name: &'static str) -> Vec<Call> {
    let original = call.headers[name].as_bytes();
    let values = flips(original).filter(|value| HeaderValue::from_bytes(value).is_ok());
    values.map(|value| call.with(name, &value)).collect()
}

#[test]
fn the_public_vectors_verify() {
    assert_eq!(v3().check(&verifier(), TIME), Ok(()));
    assert_eq!(v3_with_escapes().check(&verifier(), TIME), Ok(()));
    let later = v3()
        .with(SIGNATURE_V3, b"RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=")
        .with(TIMESTAMP, b"1700000300000");
    assert_eq!(later.check(&verifier(), 1_700_000_300_000), Ok(()));

    let accepting = verifier().accept_v2();
    assert_eq!(v2().check(&accepting, TIME), Ok(()));
    let mut get =
        v2().with(SIGNATURE, b"eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e");
    get.method = Method::GET;
    get.body.clear();
    assert_eq!(get.check(&accepting, TIME), Ok(()));

    assert_eq!(v1().check(&verifier().accept_v1(), TIME), Ok(()));
}

#[test]
fn one_bit_of_a_v3_request_changed_is_another_request() {
    let verifier = verifier().time_window(Duration::MAX);
    for call in [v3(), v3_with_escapes()] {
        let mut flipped = flipped_requests(&call);
        assert!(flipped.len() > 8 * call.body.len() + 7 * (call.uri.len() - 1), "few were tried");
        flipped.extend(flipped_headers(&call, SIGNATURE_V3));
        flipped.extend(flipped_headers(&call, TIMESTAMP));
        for flipped in flipped {
            let outcome = flipped.check(&verifier, TIME);
            assert!(outcome.is_err(), "{} {}", flipped.method, flipped.uri);
        }
    }
}

#[test]
fn one_bit_of_the_address_or_the_secret_changed_is_another_signature() {
    let mut tried = 0;
    let url = format!("{BASE}{URI}");
    for flipped in flips(url.as_bytes()).filter_map(|url| String::from_utf8(url).ok()) {
        let Ok(verifier) = Verifier::for_url(SECRET, &flipped) else { continue };
        assert_eq!(v3().check(&verifier, TIME), Err(SignatureError::Mismatch), "{flipped}");
        assert_eq!(
            v2().check(&verifier.accept_v2(), TIME),
            Err(SignatureError::Mismatch),
            "{flipped}"
        );
        tried += 1;
    }
    assert!(tried > 100, "{tried}");

    for flipped in flips(SECRET.as_bytes()).filter_map(|secret| String::from_utf8(secret).ok()) {
        let verifier = Verifier::new(flipped, BASE).unwrap().accept_v1().accept_v2();
        for call in [v1(), v2(), v3()] {
            assert_eq!(call.check(&verifier, TIME), Err(SignatureError::Mismatch));
        }
    }
}

#[test]
fn one_bit_of_a_v2_request_changed_is_another_request() {
    let verifier = verifier().accept_v1().accept_v2();
    let mut flipped = flipped_requests(&v2());
    flipped.extend(flipped_headers(&v2(), SIGNATURE));
    flipped.extend(flipped_headers(&v2(), VERSION));
    for flipped in flipped {
        let outcome = flipped.check(&verifier, TIME);
        assert!(outcome.is_err(), "{} {}", flipped.method, flipped.uri);
    }
}

#[test]
fn one_bit_of_a_v1_body_or_signature_changed_is_another() {
    let verifier = verifier().accept_v1().accept_v2();
    let bodies = flips(BODY).map(|body| Call { body, ..v1() });
    let headers = [SIGNATURE, VERSION].map(|name| flipped_headers(&v1(), name));
    for flipped in bodies.chain(headers.into_iter().flatten()) {
        assert!(flipped.check(&verifier, TIME).is_err(), "{:?}", flipped.headers);
    }
}

#[test]
fn the_time_window_has_two_sides() {
    let minutes = 60_000;
    for (distance, outcome) in [
        (0, Ok(())),
        (5 * minutes, Ok(())),
        (-5 * minutes, Ok(())),
        (5 * minutes + 1, Err(SignatureError::TooOld)),
        (-5 * minutes - 1, Err(SignatureError::FromTheFuture)),
    ] {
        assert_eq!(v3().check(&verifier(), TIME + distance), outcome, "{distance}");
    }
    let strict = verifier().time_window(Duration::from_millis(1));
    assert_eq!(v3().check(&strict, TIME + 1), Ok(()));
    assert_eq!(v3().check(&strict, TIME + 2), Err(SignatureError::TooOld));
    assert_eq!(v3().check(&strict, TIME - 2), Err(SignatureError::FromTheFuture));
}

#[test]
fn a_timestamp_that_is_no_time_is_refused() {
    let verifier = verifier().time_window(Duration::MAX);
    for timestamp in [
        "",
        "1693657560000.0",
        "1.69365756e12",
        "-1693657560000",
        "+1693657560000",
        "01693657560000",
        "9223372036854775808",
        "99999999999999999999999999",
        "1693657560000 ",
        "1693657560",
        "2023-09-02T12:26:00Z",
        "١٦٩٣٦٥٧٥٦٠٠٠٠",
        "NaN",
    ] {
        let outcome = v3().with(TIMESTAMP, timestamp.as_bytes()).check(&verifier, TIME);
        let expected = match timestamp {
            "1693657560" => SignatureError::Mismatch,
            _ => SignatureError::Malformed("X-HubSpot-Request-Timestamp"),
        };
        assert_eq!(outcome, Err(expected), "{timestamp}");
    }
    let last = v3().with(TIMESTAMP, i64::MAX.to_string().as_bytes());
    assert_eq!(
        last.check(&Verifier::new(SECRET, BASE).unwrap(), TIME),
        Err(SignatureError::FromTheFuture)
    );
}

#[test]
fn what_is_signed_has_no_marks_between_and_is_read_in_one_way_only() {
    // The same bytes are signed if an end of the body becomes a beginning of the time.
    let body = b"[0".to_vec();
    let headers = verifier().sign(&Method::POST, URI, &body, time(TIME));
    let honest = Call { method: Method::POST, uri: URI.to_owned(), headers, body };
    assert_eq!(honest.check(&verifier(), TIME), Ok(()));
    let mut moved = honest.with(TIMESTAMP, b"01693657560000");
    moved.body = b"[".to_vec();
    assert!(moved.check(&verifier(), TIME).is_err());
}

#[test]
fn other_ways_to_write_a_signature_are_refused() {
    let signature = "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=";
    for written in [
        "",
        "=",
        signature.trim_end_matches('='),
        &signature.replace('+', "-").replace('/', "_"),
        &signature.replace("Y=", "Z="),
        &format!("{signature}, {signature}"),
        &format!("sha256={signature}"),
    ] {
        let outcome = v3().with(SIGNATURE_V3, written.as_bytes()).check(&verifier(), TIME);
        assert_eq!(outcome, Err(SignatureError::Mismatch), "{written}");
    }
    let verifier = verifier().accept_v1().accept_v2();
    for call in [v1(), v2()] {
        let signature = call.headers[SIGNATURE].to_str().unwrap().to_owned();
        for written in ["", &signature.to_uppercase(), &signature[..62], &signature[..63]] {
            let outcome = call.with(SIGNATURE, written.as_bytes()).check(&verifier, TIME);
            assert_eq!(outcome, Err(SignatureError::Mismatch), "{written}");
        }
    }
}

#[test]
fn only_v3_is_accepted_unless_told() {
    let plain = verifier();
    assert_eq!(v1().check(&plain, TIME), Err(SignatureError::NotAccepted));
    assert_eq!(v2().check(&plain, TIME), Err(SignatureError::NotAccepted));
    assert_eq!(v2().check(&verifier().accept_v1(), TIME), Err(SignatureError::NotAccepted));
    assert_eq!(v1().check(&verifier().accept_v2(), TIME), Err(SignatureError::NotAccepted));
    let unsigned = Call::new(Method::POST, URI, BODY, &[]);
    let missing = SignatureError::Missing("X-HubSpot-Signature-v3");
    assert_eq!(unsigned.check(&plain, TIME), Err(missing));
    assert_eq!(unsigned.check(&verifier().accept_v1().accept_v2(), TIME), Err(missing));
}

#[test]
fn a_v1_signature_beside_v3_changes_nothing() {
    let both = v3().with(SIGNATURE, b"of another body").with(VERSION, b"v1");
    assert_eq!(both.check(&verifier(), TIME), Ok(()), "v3 decides, whatever v1 says");

    let mut rightly_signed = v1();
    rightly_signed.headers.extend(v3().headers);
    let accepting = verifier().accept_v1();
    assert_eq!(rightly_signed.check(&accepting, TIME), Err(SignatureError::Mismatch));
    let late = TIME + 3_600_000;
    assert_eq!(rightly_signed.check(&accepting, late), Err(SignatureError::TooOld));
    for emptied in [rightly_signed.with(SIGNATURE_V3, b""), rightly_signed.with(TIMESTAMP, b"")] {
        assert!(emptied.check(&accepting, TIME).is_err(), "an empty header is a header");
    }
}

#[test]
fn a_v3_request_without_its_v3_header_is_refused() {
    let mut both = v1();
    both.headers.extend(v3().headers);
    assert_eq!(
        both.without(SIGNATURE_V3).check(&verifier(), TIME),
        Err(SignatureError::NotAccepted)
    );
    assert_eq!(
        v3().without(TIMESTAMP).check(&verifier(), TIME),
        Err(SignatureError::Missing("X-HubSpot-Request-Timestamp"))
    );
    assert_eq!(
        v1().without(VERSION).check(&verifier().accept_v1(), TIME),
        Err(SignatureError::Missing("X-HubSpot-Signature-Version"))
    );
    let of_tomorrow = v1().with(VERSION, b"v4");
    assert_eq!(
        of_tomorrow.check(&verifier().accept_v1(), TIME),
        Err(SignatureError::Malformed("X-HubSpot-Signature-Version"))
    );
}

#[test]
fn unsigned_requests_are_accepted_only_if_told_and_only_if_nothing_is_signed() {
    let verifier = verifier().accept_unsigned();
    assert_eq!(Call::new(Method::POST, URI, BODY, &[]).check(&verifier, TIME), Ok(()));
    assert_eq!(v3().check(&verifier, TIME), Ok(()));
    let forged = Call { body: BODY.to_vec(), ..v3() };
    assert_eq!(forged.check(&verifier, TIME), Err(SignatureError::Mismatch));
    assert_eq!(v1().check(&verifier, TIME), Err(SignatureError::NotAccepted));
}

#[test]
fn a_header_given_twice_or_not_text_is_refused() {
    for name in [SIGNATURE_V3, TIMESTAMP] {
        let mut twice = v3();
        twice.headers.append(name, twice.headers[name].clone());
        let outcome = twice.check(&verifier(), TIME);
        assert!(matches!(outcome, Err(SignatureError::Malformed(_))), "{outcome:?}");
        let outcome = v3().with(name, b"\xff").check(&verifier(), TIME);
        assert!(matches!(outcome, Err(SignatureError::Malformed(_))), "{outcome:?}");
    }
}

#[test]
fn the_path_of_the_request_is_put_behind_the_base() {
    for (base, uri) in [
        ("https://www.example.com/", "/webhook_uri"),
        ("https://www.example.com", "http://10.0.0.1:8080/webhook_uri"),
        ("https://www.example.com", "https://www.example.com/webhook_uri"),
    ] {
        let call = Call { uri: uri.to_owned(), ..v3() };
        assert_eq!(call.check(&Verifier::new(SECRET, base).unwrap(), TIME), Ok(()), "{base} {uri}");
    }
    let stripped = Verifier::new(SECRET, "https://www.example.com/webhook_uri").unwrap();
    for uri in ["", "http://10.0.0.1"] {
        let call = Call { uri: uri.to_owned(), ..v3() };
        assert_eq!(call.check(&stripped, TIME), Ok(()), "{uri}");
    }
}

#[test]
fn a_whole_url_does_not_ask_the_request() {
    let verifier = Verifier::for_url(SECRET, "https://www.example.com/webhook_uri").unwrap();
    let call = Call { uri: "/rewritten?by=proxy".to_owned(), ..v3() };
    assert_eq!(call.check(&verifier, TIME), Ok(()));
}

#[test]
fn a_verifier_that_could_not_tell_anything_is_not_made() {
    for empty in ["", " ", "\n"] {
        let error = Verifier::new(empty, BASE).unwrap_err();
        assert!(error.to_string().contains("client secret is empty"), "{error}");
        assert!(Verifier::for_url(empty, BASE).is_err());
    }
    for url in ["", "bot.example.com", "/hook", "ftp://bot.example.com", "https://", "https://a#b"]
    {
        assert!(Verifier::new(SECRET, url).is_err(), "{url}");
        assert!(Verifier::for_url(SECRET, url).is_err(), "{url}");
    }
    assert!(Verifier::new(SECRET, "https://a.example?b").is_err());
    assert!(Verifier::for_url(SECRET, "https://a.example?b").is_ok());
}

#[test]
fn an_access_token_is_no_secret() {
    let of_oauth = format!("CJSP5qf1KhIC{}", "AQEYs-gDIIGOBii1hQIy_".repeat(4));
    for flawed in [
        "pat-na1-11111111-2222-4333-8444-555555555555",
        " PAT-EU1-11111111-2222-4333-8444-555555555555\n",
        &of_oauth,
        "Bearer pat-na1-11111111",
        "\"yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy\"",
        r#"{"client_secret":"yyyyyyyy"}"#,
        "HUBSPOT_CLIENT_SECRET=yyyyyyyy",
    ] {
        for error in [Verifier::new(flawed, BASE), Verifier::for_url(flawed, BASE)] {
            let error = error.unwrap_err().to_string();
            assert!(error.starts_with("the client secret "), "{error}");
            assert!(!error.contains("11111111") && !error.contains("yyyy"), "{error}");
        }
    }
    for fine in ["11111111-2222-4333-8444-555555555555", "C0FFEE", &"c0ffee".repeat(20)] {
        assert!(Verifier::new(fine, BASE).is_ok(), "{fine}");
    }
}

#[test]
fn a_line_break_from_a_file_is_no_part_of_secret_or_url() {
    let secret = format!("{SECRET}\n");
    let based = Verifier::new(secret.clone(), &format!("{BASE}/\n")).unwrap();
    let whole = Verifier::for_url(secret, &format!("{BASE}{URI}\n")).unwrap();
    assert_eq!(v3().check(&based, TIME), Ok(()));
    assert_eq!(v3().check(&whole, TIME), Ok(()));
}

#[test]
fn the_secret_shows_nowhere() {
    let shown = format!("{:?}", verifier());
    assert!(shown.contains(BASE) && !shown.contains("yyyy"), "{shown}");
}
