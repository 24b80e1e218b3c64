//! Against `aws-sigv4`, the signer of the AWS SDK.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sigv4::SigningOutput;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::Request;
use http::header::AUTHORIZATION;
use proptest::prelude::*;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::generated::{Case, any_case, any_fields, config};
use crate::sign::signed_headers::UNSIGNED;
use crate::sign::{CanonicalQuery, Payload, PostPolicy, Presign};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn requests(case in any_case()) {
        let query = CanonicalQuery::from_pairs(case.query_pairs());
        let address = case.address();
        let uri = address.uri(&address.object_path(&case.key), &query).unwrap();
        let (mut parts, ()) = Request::builder().method(&case.method).uri(&uri).body(()).unwrap().into_parts();
        parts.headers = case.header_map();
        case.signer().sign(&mut parts, case.payload, &case.credentials(), case.time()).unwrap();

        let body = match case.payload {
            Payload::Unsigned => SignableBody::UnsignedPayload,
            Payload::Empty => SignableBody::Bytes(b""),
            Payload::Sha256(hash) => SignableBody::Precomputed(their_hex(hash)),
        };
        let theirs = their_signature(&case, &uri.to_string(), body, SignatureLocation::Headers);
        for (name, value) in theirs.output().headers() {
            prop_assert_eq!(parts.headers[name].to_str().unwrap(), value);
        }
        let authorization = parts.headers[AUTHORIZATION].to_str().unwrap();
        prop_assert!(authorization.ends_with(theirs.signature()));
    }

    #[test]
    fn urls(case in any_case()) {
        let address = case.address();
        let (method, headers) = (case.method.clone(), case.header_map());
        let request = Presign {
            method: &method,
            address: &address,
            key: &case.key,
            query: &case.query_pairs(),
            headers: &headers,
            expires_in_seconds: case.expires_in_seconds,
        };
        let ours = case.signer().presign(&request, &case.credentials(), case.time()).unwrap();

        let query = CanonicalQuery::from_pairs(case.query_pairs());
        let uri = address.uri(&address.object_path(&case.key), &query).unwrap();
        let theirs = their_signature(&case, &uri.to_string(), SignableBody::UnsignedPayload, SignatureLocation::QueryParams);
        let (before, signature) = ours.split_once("&X-Amz-Signature=").unwrap();
        prop_assert_eq!(signature, theirs.signature());
        // Sent is what was signed: the parameters of both, in any order.
        let mut pairs = case.query_pairs();
        let added = theirs.output().params().iter().filter(|(name, _)| *name != "X-Amz-Signature");
        pairs.extend(added.map(|(name, value)| (*name, value.as_ref())));
        let expected = address.uri(&address.object_path(&case.key), &CanonicalQuery::from_pairs(pairs)).unwrap();
        prop_assert_eq!(before, expected.to_string());
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn forms(case in any_case(), fields in any_fields()) {
        let mut policy = PostPolicy::new("photos", case.time());
        let mut expected = vec![json!({ "bucket": "photos" })];
        for (name, value, is_prefix) in &fields {
            if *is_prefix {
                policy.starts_with(name, value);
                expected.push(json!(["starts-with", format!("${name}"), value]));
            } else {
                policy.equal(name, value);
                expected.push(json!({ name.as_str(): value }));
            }
        }
        let signed = case.signer().sign_policy(policy, &case.credentials(), case.time());
        let field = |name: &str| signed.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let policy = field("policy").unwrap();
        let key = v4::generate_signing_key(&case.secrets.secret_key, case.time(), &case.region, "s3");
        prop_assert_eq!(field("x-amz-signature").unwrap(), v4::calculate_signature(key, policy.as_bytes()));

        // What is signed says just what was asked, and that of the signature; and every field is in it.
        let document: Value = serde_json::from_slice(&STANDARD.decode(policy).unwrap()).unwrap();
        let conditions = document["conditions"].as_array().unwrap();
        let of_signature = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"];
        let of_signature = of_signature.into_iter().filter_map(|name| Some(json!({ name: field(name)? })));
        expected.extend(of_signature);
        prop_assert_eq!(conditions, &expected);
        let covered = signed.iter().filter(|(name, value)| conditions.contains(&json!({ name.as_str(): value })));
        prop_assert_eq!(covered.count() + 2, signed.len());
    }
}

fn their_signature(
    case: &Case,
    uri: &str,
    body: SignableBody<'_>,
    location: SignatureLocation,
) -> SigningOutput<SigningInstructions> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.excluded_headers = Some(UNSIGNED.iter().map(|name| (*name).into()).collect());
    settings.signature_location = location;
    if location == SignatureLocation::Headers {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    } else {
        settings.expires_in = Some(Duration::from_secs(case.expires_in_seconds));
    }
    let secrets = case.secrets.clone();
    let identity =
        Credentials::new(secrets.access_key, secrets.secret_key, secrets.session_token, None, "test").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&case.region)
        .name("s3")
        .time(case.time())
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let request = SignableRequest::new(case.method.as_str(), uri, case.header_pairs(), body).unwrap();
    sign(request, &params).unwrap()
}

fn their_hex(hash: [u8; 32]) -> String {
    let [high, low] = [0, 16]
        .map(|start| hash[start..start + 16].iter().fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte)));
    format!("{high:032x}{low:032x}")
}
