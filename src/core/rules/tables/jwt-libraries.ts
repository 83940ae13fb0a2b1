/** Libraries that check JSON Web Tokens, of all languages: exception types, codes and messages. */
import type { RuleTable } from '../table.js';

export const JWT_LIBRARIES: readonly RuleTable[] = [
  {
    system: 'authlib-jose',
    source: 'lepture/authlib:authlib/jose/errors.py',
    codes: {
      invalid_signature: 'bad_signature unsupported_algorithm BadSignatureError UnsupportedAlgorithmError',
      malformed_credentials: 'decode_error missing_algorithm',
      invalid_token: 'invalid_claim missing_claim insecure_claim InvalidClaimError MissingClaimError',
      expired_token: 'expired_token ExpiredTokenError',
    },
    phrases: {
      issuer_mismatch: ['invalid_claim: Invalid claim "iss"'],
      audience_mismatch: ['invalid_claim: Invalid claim "aud"'],
      expired_token: ['expired_token: The token is expired'],
      clock_skew: ['invalid_token: The token is not valid yet'],
    },
  },
  {
    system: 'authlib-jose',
    source: 'lepture/authlib:authlib/jose/errors.py (from memory)',
    phrases: {
      clock_skew: ['The token is not valid as it was issued in the future'],
    },
  },
  {
    system: 'aws-jwt-verify',
    source: 'awslabs/aws-jwt-verify:src/error.ts',
    codes: {
      malformed_credentials: 'JwtParseError',
      invalid_signature: 'JwtInvalidSignatureError JwtInvalidSignatureAlgorithmError JwtWithoutValidKidError KidNotFoundInJwksError',
      expired_token: 'JwtExpiredError',
      clock_skew: 'JwtNotBeforeError',
      invalid_token: 'JwtInvalidClaimError CognitoJwtInvalidTokenUseError',
      issuer_mismatch: 'JwtInvalidIssuerError',
      audience_mismatch: 'JwtInvalidAudienceError CognitoJwtInvalidClientIdError',
      insufficient_scope: 'JwtInvalidScopeError CognitoJwtInvalidGroupError',
      server_misconfiguration:
        'WaitPeriodNotYetEndedJwkError JwksNotAvailableInCacheError JwksValidationError JwkValidationError NonRetryableFetchError FetchError',
    },
  },
  {
    system: 'aws-jwt-verify',
    source: 'awslabs/aws-jwt-verify:src/error.ts (from memory)',
    phrases: {
      invalid_signature: ['JWK for kid * not found in the JWKS'],
      expired_token: ['Token expired at'],
      clock_skew: ["Token can't be used before"],
      server_misconfiguration: ['Not allowed to fetch JWKS yet, still waiting for back off period'],
    },
  },
  {
    system: 'dart-jsonwebtoken',
    source: 'jonasroussel/dart_jsonwebtoken:lib/src/exceptions.dart',
    codes: {
      expired_token: 'JWTExpiredException',
      clock_skew: 'JWTNotActiveException',
      malformed_credentials: 'JWTParseException',
      invalid_token: 'JWTInvalidException',
    },
    phrases: {
      expired_token: ['JWTExpiredException: jwt expired'],
      clock_skew: ['JWTNotActiveException: jwt not active'],
    },
  },
  {
    system: 'dart-jsonwebtoken',
    source: 'jonasroussel/dart_jsonwebtoken:lib/src/jwt.dart (from memory)',
    phrases: {
      audience_mismatch: ['JWTInvalidException: invalid audience'],
      issuer_mismatch: ['JWTInvalidException: invalid issuer'],
      invalid_signature: ['JWTInvalidException: invalid signature'],
      invalid_token: ['JWTInvalidException: invalid subject'],
      malformed_credentials: ['JWTInvalidException: not a jwt'],
    },
  },
  {
    system: 'fastify-auth-plugins',
    source: 'nearform/fast-jwt:src/error.js, src/verifier.js',
    codes: {
      expired_token: 'FAST_JWT_EXPIRED',
      clock_skew: 'FAST_JWT_INACTIVE',
      malformed_credentials: 'FAST_JWT_MALFORMED FAST_JWT_INVALID_TYPE FAST_JWT_INVALID_PAYLOAD',
      invalid_signature:
        'FAST_JWT_INVALID_ALGORITHM FAST_JWT_INVALID_SIGNATURE FAST_JWT_MISSING_SIGNATURE FAST_JWT_INVALID_KEY FAST_JWT_VERIFY_ERROR',
      invalid_token: 'FAST_JWT_INVALID_CLAIM_TYPE FAST_JWT_INVALID_CLAIM_VALUE FAST_JWT_MISSING_REQUIRED_CLAIM',
      server_misconfiguration: 'FAST_JWT_MISSING_KEY FAST_JWT_KEY_FETCHING_ERROR FAST_JWT_INVALID_OPTION',
    },
    phrases: {
      expired_token: ['The token has expired at'],
      clock_skew: ['The token will be active at'],
      invalid_signature: ['The token signature is missing', 'The token signature is invalid', 'The token algorithm is invalid'],
      audience_mismatch: ['The aud claim value is not allowed', 'None of aud claim values is allowed'],
      issuer_mismatch: ['The iss claim value is not allowed'],
      server_misconfiguration: ['Cannot fetch secret'],
      invalid_token: ['The * claim value is not allowed'],
    },
  },
  {
    system: 'fastify-auth-plugins',
    source: 'nearform/fast-jwt:src/error.js, src/verifier.js (from memory)',
    phrases: {
      server_misconfiguration: ['Cannot fetch key'],
    },
  },
  {
    system: 'firebase-php-jwt',
    source: 'firebase/php-jwt:src/JWT.php, src/CachedKeySet.php',
    codes: {
      expired_token: 'ExpiredException',
      clock_skew: 'BeforeValidException',
      invalid_signature: 'SignatureInvalidException',
    },
    phrases: {
      malformed_credentials: ['Wrong number of segments', 'Invalid header encoding', 'Invalid claims encoding', 'Empty algorithm'],
      invalid_signature: ['Algorithm not supported', 'Incorrect key for this algorithm'],
      server_misconfiguration: ['Key may not be empty'],
      clock_skew: ['Cannot handle token with nbf prior to', 'Cannot handle token with iat prior to'],
    },
  },
  {
    system: 'firebase-php-jwt',
    source: 'firebase/php-jwt:src/JWT.php, src/CachedKeySet.php (from memory)',
    phrases: {
      malformed_credentials: ['Invalid signature encoding', 'Malformed UTF-8 characters'],
      invalid_signature: ['"kid" invalid, unable to lookup correct key', '"kid" empty, unable to lookup correct key', 'Key ID not found'],
      clock_skew: ['Cannot handle token prior to'],
      server_misconfiguration: ['Provided key is too short'],
    },
  },
  {
    system: 'go-jose',
    source: 'go-jose/go-jose:jwt/errors.go (from memory)',
    phrases: {
      clock_skew: ['validation failed, token not valid yet (nbf)', 'validation field, token issued in the future (iat)'],
      expired_token: ['validation failed, token is expired (exp)'],
      issuer_mismatch: ['validation failed, invalid issuer claim (iss)'],
      invalid_token: [
        'validation failed, invalid subject claim (sub)',
        'validation failed, invalid ID claim (jti)',
        'expected content type to be JWT (cty header)',
      ],
      audience_mismatch: ['validation failed, invalid audience claim (aud)'],
      invalid_signature: [
        'go-jose/go-jose: error in cryptographic primitive',
        'square/go-jose: error in cryptographic primitive',
        'go-jose/go-jose: unsupported key type/format',
        'go-jose/go-jose: unknown/unsupported algorithm',
        'go-jose/go-jose: unexpected signature algorithm',
        'go-jose/go-jose: JWK with matching kid not found in JWK Set',
        'square/go-jose: JWK with matching kid not found in JWK Set',
      ],
      malformed_credentials: [
        'go-jose/go-jose: compact JWS format must have three parts',
        'square/go-jose: compact JWS format must have three parts',
      ],
    },
  },
  {
    system: 'go-jose',
    source: 'square/go-jose:jwt/errors.go',
    phrases: {
      invalid_token: ['expected string or array value to unmarshal to Audience'],
    },
  },
  {
    system: 'golang-jwt',
    source: 'golang-jwt/jwt:errors.go, parser.go',
    codes: {
      invalid_token: 'ValidationError ErrTokenRequiredClaimMissing',
      expired_token: 'ErrTokenExpired',
      clock_skew: 'ErrTokenNotValidYet ErrTokenUsedBeforeIssued',
      invalid_signature: 'ErrTokenSignatureInvalid ErrTokenUnverifiable',
      malformed_credentials: 'ErrTokenMalformed',
      audience_mismatch: 'ErrTokenInvalidAudience',
      issuer_mismatch: 'ErrTokenInvalidIssuer',
    },
    phrases: {
      malformed_credentials: ['token is malformed'],
      invalid_signature: ['token signature is invalid', 'key is of invalid type'],
      invalid_token: ['a required claim is missing', 'token has invalid subject', 'token has invalid id'],
      audience_mismatch: ['token has invalid audience'],
      expired_token: ['token has invalid claims: token is expired'],
      clock_skew: ['token used before issued', 'token is not valid yet'],
      issuer_mismatch: ['token has invalid issuer'],
      server_misconfiguration: ['the requested hash function is unavailable'],
    },
  },
  {
    system: 'golang-jwt',
    source: 'golang-jwt/jwt:errors.go, parser.go (from memory)',
    phrases: {
      malformed_credentials: ['token contains an invalid number of segments', "tokenstring should not contain 'bearer '"],
      invalid_signature: [
        'token is unverifiable: error while executing keyfunc',
        'token signature is invalid: signing method * is invalid',
        'signing method (alg) is unavailable',
        'signing method (alg) is unspecified',
        "'none' signature type is not allowed",
        'crypto/ecdsa: verification error',
        'ed25519: verification error',
        'crypto/rsa: verification error',
      ],
      server_misconfiguration: ['token is unverifiable: no Keyfunc was provided'],
      expired_token: ['token is expired by'],
    },
  },
  {
    system: 'guardian',
    source: 'ueberauth/guardian:lib/guardian/token/jwt/verify.ex, lib/guardian/plug',
    codes: {
      issuer_mismatch: 'invalid_issuer',
      clock_skew: 'token_not_yet_valid',
      expired_token: 'token_expired',
    },
  },
  {
    system: 'guardian',
    source: 'ueberauth/guardian:lib/guardian/token/jwt/verify.ex, lib/guardian/plug (from memory)',
    codes: {
      server_misconfiguration: 'secret_not_found',
      session_expired: 'no_resource_found',
      unknown: 'unauthenticated',
    },
  },
  {
    system: 'guardian',
    source: 'ueberauth/guardian:lib/guardian/token/jwt.ex (from memory)',
    codes: {
      invalid_token: 'MalformedReturnValueError',
      missing_credentials: 'UnauthenticatedError',
    },
  },
  {
    system: 'java-jwt',
    source: 'auth0/java-jwt:lib/src/main/java/com/auth0/jwt/JWTVerifier.java',
    codes: {
      expired_token: 'TokenExpiredException',
      invalid_signature: 'SignatureVerificationException AlgorithmMismatchException',
      invalid_token: 'InvalidClaimException JWTVerificationException',
    },
    phrases: {
      expired_token: ['The Token has expired on'],
      clock_skew: ["The Token can't be used before"],
      issuer_mismatch: ["The Claim 'iss' value doesn't match the required issuer"],
      audience_mismatch: ["The Claim 'aud' value doesn't contain the required audience"],
      invalid_token: ['The Claim * is not present in the JWT'],
    },
  },
  {
    system: 'java-jwt',
    source: 'auth0/java-jwt:lib/src/main/java/com/auth0/jwt/JWTVerifier.java (from memory)',
    codes: {
      malformed_credentials: 'JWTDecodeException',
    },
    phrases: {
      issuer_mismatch: ["The Claim 'iss' value doesn't match the required one"],
      invalid_signature: [
        "The Token's Signature resulted invalid when verified using the Algorithm",
        "The provided Algorithm doesn't match the one defined in the JWT's Header",
      ],
      malformed_credentials: [
        'The token was expected to have 3 parts, but got',
        "doesn't have a valid JSON format",
        'The input is not a valid base 64 encoded string',
      ],
    },
  },
  {
    system: 'jjwt',
    source: 'jwtk/jjwt:impl/src/main/java/io/jsonwebtoken/impl/DefaultJwtParser.java',
    codes: {
      expired_token: 'ExpiredJwtException',
      clock_skew: 'PrematureJwtException',
      malformed_credentials: 'MalformedJwtException',
      invalid_signature: 'UnsupportedJwtException SignatureException',
      invalid_token: 'IncorrectClaimException MissingClaimException',
      server_misconfiguration: 'WeakKeyException',
    },
    phrases: {
      invalid_signature: [
        'unable to locate signature verification key for JWS with header',
        "Unsecured JWSs (those with an * header value of 'none') are disallowed",
        'but the compact JWE string is missing the required signature',
      ],
      server_misconfiguration: ['PrivateKeys may not be used to verify digital signatures'],
      malformed_credentials: ["JWS header does not contain a required 'alg'"],
    },
  },
  {
    system: 'jjwt',
    source: 'jwtk/jjwt:impl/src/main/java/io/jsonwebtoken/impl/DefaultJwtParser.java (from memory)',
    codes: {
      invalid_token: 'ClaimJwtException',
    },
    phrases: {
      expired_token: ['JWT expired * milliseconds ago at', 'JWT expired at * Current time'],
      clock_skew: ['JWT early by * milliseconds before', 'JWT must not be accepted before'],
      issuer_mismatch: ['Expected iss claim to be: * but was'],
      audience_mismatch: ['Expected aud claim to be: * but was', "Missing expected * value in 'aud' claim"],
      invalid_signature: [
        'JWT signature does not match locally computed signature',
        'Unsigned Claims JWTs are not supported',
        'Unprotected Claims JWTs are not supported',
      ],
      malformed_credentials: [
        'Invalid compact JWT string: Compact JWSs must contain exactly 2 period characters',
        'JWT strings must contain exactly 2 period characters. Found',
        'JWT String argument cannot be null or empty',
        'Illegal base64url character',
      ],
      server_misconfiguration: ['which is not secure enough for any JWT HMAC-SHA algorithm'],
    },
  },
  {
    system: 'joken',
    source: 'joken-elixir/joken:lib/joken.ex (from memory)',
    codes: {
      invalid_signature: 'signature_error invalid_signature kid_does_not_match',
      malformed_credentials: 'token_malformed no_kid_in_token_header',
      server_misconfiguration: 'could_not_reach_jwks_url no_signers_fetched',
    },
  },
  {
    system: 'joken',
    source: 'joken-elixir/joken_jwks:lib/joken_jwks/default_strategy_template.ex',
    codes: {
      server_misconfiguration: 'no_algorithm_supplied bad_algorithm invalid_key_params',
    },
    phrases: {
      server_misconfiguration: ['Failed to fetch signers. Reason', 'NO VALID SIGNERS FOUND!'],
    },
  },
  {
    system: 'jose',
    source: 'panva/jose:src/util/errors.ts',
    codes: {
      unknown: 'ERR_JOSE_GENERIC',
      invalid_token: 'ERR_JWT_CLAIM_VALIDATION_FAILED ERR_JWE_DECRYPTION_FAILED JWTClaimValidationFailed JWEDecryptionFailed',
      invalid_signature:
        'ERR_JOSE_ALG_NOT_ALLOWED ERR_JOSE_NOT_SUPPORTED ERR_JWKS_NO_MATCHING_KEY ERR_JWKS_MULTIPLE_MATCHING_KEYS ERR_JWS_SIGNATURE_VERIFICATION_FAILED JOSEAlgNotAllowed JWKSNoMatchingKey JWKSMultipleMatchingKeys JWSSignatureVerificationFailed',
      malformed_credentials: 'ERR_JWE_INVALID ERR_JWS_INVALID ERR_JWT_INVALID JWSInvalid JWTInvalid',
      server_misconfiguration: 'ERR_JWK_INVALID ERR_JWKS_INVALID JWKSInvalid',
      expired_token: 'ERR_JWT_EXPIRED JWTExpired',
    },
    phrases: {
      invalid_signature: ['no applicable key found in the JSON Web Key Set', 'multiple matching keys found in the JSON Web Key Set'],
    },
  },
  {
    system: 'jose',
    source: 'panva/jose:src/util/errors.ts (from memory)',
    codes: {
      server_misconfiguration: 'ERR_JWKS_TIMEOUT JWKSTimeout',
    },
    phrases: {
      audience_mismatch: ['unexpected "aud" claim value'],
      issuer_mismatch: ['unexpected "iss" claim value'],
      expired_token: ['"exp" claim timestamp check failed', '"iat" claim timestamp check failed (too far in the past)'],
      clock_skew: ['"nbf" claim timestamp check failed', '"iat" claim timestamp check failed (it should be in the past)'],
      invalid_token: ['missing required * claim'],
      invalid_signature: ['"alg" (Algorithm) Header Parameter value not allowed'],
      server_misconfiguration: ['Expected 200 OK from the JSON Web Key Set HTTP response'],
      malformed_credentials: ['Invalid Compact JWS'],
    },
  },
  {
    system: 'jose-jwt-dotnet',
    source: 'dvsekhvalnov/jose-jwt:jose-jwt/JwtExceptions (from memory)',
    codes: {
      invalid_signature: 'IntegrityException',
      invalid_token: 'EncryptionException',
      malformed_credentials: 'JoseException',
    },
  },
  {
    system: 'jose4j',
    source: 'jose4j:src/main/java/org/jose4j/jwt/consumer/ErrorCodes.java, NumericDateValidator.java',
    codes: {
      invalid_token: 'InvalidJwtException',
      malformed_credentials: 'MalformedClaimException',
    },
    phrases: {
      expired_token: [
        'The JWT is no longer valid - the evaluation time',
        'is on or after the Expiration Time (exp=',
        'As of now * iat * is more than * second(s) in the past',
      ],
      clock_skew: [
        'The JWT is not yet valid as the evaluation time',
        'is before the Not Before (nbf=',
        'claim value cannot be more than * minutes in the future relative to',
        'is more than * second(s) ahead of now',
      ],
      invalid_token: ['No Expiration Time (exp) claim present', 'No Issued At (iat) claim present', 'No Not Before (nbf) claim present'],
      invalid_signature: ['The JWT has no signature but the JWT Consumer is configured'],
    },
  },
  {
    system: 'jose4j',
    source: 'jose4j:src/main/java/org/jose4j/jwt/consumer/ErrorCodes.java, NumericDateValidator.java (from memory)',
    codes: {
      invalid_signature: 'InvalidJwtSignatureException UnresolvableKeyException InvalidAlgorithmException',
    },
    phrases: {
      audience_mismatch: ["Audience (aud) claim * doesn't contain an acceptable identifier", 'No Audience (aud) claim present'],
      issuer_mismatch: ["Issuer (iss) claim value * doesn't match expected value of", 'No Issuer (iss) claim present'],
      invalid_token: ["Subject (sub) claim value * doesn't match expected value of", 'No Subject (sub) claim is present'],
      invalid_signature: [
        'Invalid JWS Signature',
        'JWS signature is invalid',
        'Unable to find a suitable verification key for JWS w/ header',
        'is an unknown, unsupported or unavailable alg algorithm',
      ],
      malformed_credentials: ['Invalid JWT compact serialization'],
    },
  },
  {
    system: 'jose4j',
    source: 'jose4j:src/main/java/org/jose4j/jwt/consumer/AudValidator.java (from memory)',
    phrases: {
      server_misconfiguration: ['present in the JWT but no expected audience value(s) were provided'],
    },
  },
  {
    system: 'joserfc',
    source: 'authlib/joserfc:src/joserfc/errors.py',
    codes: {
      malformed_credentials: 'missing_encryption invalid_payload',
      server_misconfiguration: 'invalid_key_length invalid_key_type InvalidKeyLengthError InvalidKeyTypeError',
      invalid_token: 'unwrap_error',
    },
    phrases: {
      issuer_mismatch: ['Invalid claim: "iss"'],
      audience_mismatch: ['Invalid claim: "aud"'],
      invalid_token: ['The "typ" value in header is invalid'],
    },
  },
  {
    system: 'json-jwt',
    source: 'nov/json-jwt:lib/json/jwt.rb, jws.rb, jwk/set.rb (from memory)',
    codes: {
      invalid_signature: 'VerificationFailed UnexpectedAlgorithm KidNotFound UnknownAlgorithm',
      malformed_credentials: 'InvalidFormat',
      invalid_token: 'DecryptionFailed',
    },
  },
  {
    system: 'json-jwt',
    source: 'nov/json-jwt:lib/json/jws.rb',
    phrases: {
      malformed_credentials: ['Invalid JWS Format. JWS should include * segments'],
      invalid_signature: ['Unexpected alg header', 'Unknown Signature Algorithm'],
    },
  },
  {
    system: 'jsonwebtoken-rust',
    source: 'Keats/jsonwebtoken:src/errors.rs',
    codes: {
      expired_token: 'ExpiredSignature',
      clock_skew: 'ImmatureSignature',
      invalid_signature: 'InvalidSignature InvalidAlgorithm',
      issuer_mismatch: 'InvalidIssuer',
      audience_mismatch: 'InvalidAudience',
      invalid_token: 'InvalidSubject MissingRequiredClaim',
      server_misconfiguration: 'InvalidKeyFormat InvalidEcdsaKey InvalidRsaKey MissingAlgorithm',
    },
    phrases: {
      invalid_token: ['Missing required claim'],
    },
  },
  {
    system: 'jwcrypto',
    source: 'latchset/jwcrypto:jwcrypto/jwt.py',
    codes: {
      clock_skew: 'JWTNotYetValid',
      invalid_token: 'JWTMissingClaim JWTInvalidClaimValue',
      malformed_credentials: 'JWTInvalidClaimFormat',
      invalid_signature: 'JWTMissingKey',
    },
    phrases: {
      expired_token: ['Expired at * time'],
      clock_skew: ['Valid from * time'],
      audience_mismatch: ["Invalid 'aud' value. Expected"],
      issuer_mismatch: ["Invalid 'iss' value. Expected"],
      invalid_token: ['Claim * is missing'],
      invalid_signature: ['Key ID * not in key set'],
      malformed_credentials: ['Token format unrecognized'],
    },
  },
  {
    system: 'jwcrypto',
    source: 'latchset/jwcrypto:jwcrypto/jwt.py (from memory)',
    codes: {
      invalid_signature: 'InvalidJWSSignature',
      malformed_credentials: 'InvalidJWSObject',
      invalid_token: 'InvalidJWEData',
    },
    phrases: {
      invalid_signature: ['Verification failed for all signatures'],
    },
  },
  {
    system: 'jwks-rsa-java',
    source: 'auth0/jwks-rsa-java:src/main/java/com/auth0/jwk (from memory)',
    codes: {
      invalid_signature: 'SigningKeyNotFoundException',
      server_misconfiguration: 'NetworkException RateLimitReachedException InvalidPublicKeyException JwkException',
    },
    phrases: {
      invalid_signature: ['No key found in * with kid'],
      server_misconfiguration: ['The Rate Limit has been reached! Please wait', 'Cannot obtain jwks from url'],
    },
  },
  {
    system: 'jwks-rsa-node',
    source: 'auth0/node-jwks-rsa:src/JwksClient.js, src/errors',
    phrases: {
      server_misconfiguration: ['The JWKS endpoint did not contain any keys', 'The JWKS endpoint did not contain any signing keys'],
      invalid_signature: ['Unable to find a signing key that matches'],
    },
  },
  {
    system: 'jwks-rsa-node',
    source: 'auth0/node-jwks-rsa:src/JwksClient.js, src/errors (from memory)',
    codes: {
      invalid_signature: 'SigningKeyNotFoundError',
      server_misconfiguration: 'JwksError JwksRateLimitError ArgumentError',
    },
    phrases: {
      server_misconfiguration: ['No KID specified and JWKS endpoint returned more than 1 key', 'Too many requests to the JWKS endpoint'],
    },
  },
  {
    system: 'jwt-cpp',
    source: 'Thalhammer/jwt-cpp:include/jwt-cpp/jwt.h',
    codes: {
      invalid_signature: 'signature_verification_error signature_verification_exception',
      invalid_token: 'token_verification_error token_verification_exception claim_value_missmatch claim_type_missmatch',
      audience_mismatch: 'audience_missmatch',
    },
    phrases: {
      invalid_token: [
        'decoded JWT is missing required claim(s)',
        'claim type does not match expected type',
        'claim value does not match expected value',
      ],
      audience_mismatch: ["token doesn't contain the required audience"],
      invalid_signature: ['failed to verify signature: VerifyFinal failed'],
      server_misconfiguration: ['failed to verify signature: Could not get key'],
    },
  },
  {
    system: 'jwt-dotnet',
    source: 'jwt-dotnet/jwt:src/JWT/JwtValidator.cs, src/JWT/Exceptions (from memory)',
    codes: {
      clock_skew: 'TokenNotYetValidException',
      malformed_credentials: 'InvalidTokenPartsException',
    },
    phrases: {
      malformed_credentials: ['Token must consist of 3 delimited by dot parts'],
      invalid_signature: ['Invalid signature. Expected * got'],
    },
  },
  {
    system: 'jwt-dotnet',
    source: 'jwt-dotnet/jwt:src/JWT/JwtValidator.cs, src/JWT/Exceptions',
    phrases: {
      expired_token: ['Token has expired'],
      clock_skew: ['Token is not yet valid'],
      invalid_signature: ['The signature is invalid according to the validation procedure'],
      invalid_token: ["Claim 'exp' must be a number", "Claim 'nbf' must be a number"],
    },
  },
  {
    system: 'jwx-go',
    source: 'lestrrat-go/jwx:jwt/validate.go',
    phrases: {
      expired_token: ['"exp" not satisfied'],
      clock_skew: ['"iat" not satisfied', '"nbf" not satisfied'],
      audience_mismatch: ['"aud" not satisfied'],
      issuer_mismatch: ['"iss" not satisfied: values do not match'],
      invalid_token: ['not satisfied: required claim not found'],
    },
  },
  {
    system: 'jwx-go',
    source: 'lestrrat-go/jwx:jwt/validate.go (from memory)',
    phrases: {
      invalid_signature: ['could not verify message using any of the signatures or keys', 'key provider * failed to find key with key ID'],
      malformed_credentials: ['failed to parse jws'],
      server_misconfiguration: ['failed to fetch jwk set'],
    },
  },
  {
    system: 'lcobucci-jwt',
    source: 'lcobucci/jwt:src/Validation/Constraint/LooseValidAt.php',
    codes: {
      invalid_token: 'ConstraintViolation',
    },
    phrases: {
      expired_token: ['The token is expired'],
      clock_skew: ['The token cannot be used yet', 'The token was issued in the future'],
    },
  },
  {
    system: 'lcobucci-jwt',
    source: 'lcobucci/jwt:src/Validation/Constraint/LooseValidAt.php (from memory)',
    codes: {
      invalid_token: 'RequiredConstraintsViolated',
      malformed_credentials: 'InvalidTokenStructure UnsupportedHeaderFound CannotDecodeContent',
    },
    phrases: {
      issuer_mismatch: ['The token was not issued by the given issuers'],
      audience_mismatch: ['The token is not allowed to be used by this audience'],
      invalid_token: [
        'The token is not related to the expected subject',
        'The token is not identified with the expected ID',
        'The token violates some mandatory constraints',
      ],
      invalid_signature: ['Token signature mismatch', 'Token signer mismatch'],
      malformed_credentials: [
        'The JWT string must have two dots',
        'The JWT string is missing the Header part',
        'The JWT string is missing the Claim part',
        'The JWT string is missing the Signature part',
      ],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source: 'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.Tokens/LogMessages.cs',
    codes: {
      server_misconfiguration: 'IDX10204 IDX10208 IDX10253 IDX10500 IDX10609 IDX10610 IDX10631 IDX10634 IDX10636 IDX10653',
      issuer_mismatch: 'IDX10205 IDX10211',
      audience_mismatch: 'IDX10206 IDX10207 IDX10214 IDX10231',
      malformed_credentials: 'IDX10209 IDX10400 IDX10612',
      clock_skew: 'IDX10222',
      expired_token: 'IDX10223',
      invalid_token: 'IDX10224 IDX10225 IDX10227 IDX10228 IDX10229 IDX10230 IDX10256 IDX10257 IDX10509 IDX10510 IDX10603 IDX10611',
      invalid_signature:
        'IDX10232 IDX10248 IDX10249 IDX10501 IDX10503 IDX10504 IDX10505 IDX10506 IDX10508 IDX10511 IDX10517 IDX10640 IDX10652 IDX10696 IDX10697',
    },
    phrases: {
      issuer_mismatch: ['Issuer validation failed. Issuer: * Did not match'],
      audience_mismatch: ['Audience validation failed. Audiences: * Did not match'],
      clock_skew: ['Lifetime validation failed. The token is not yet valid'],
      expired_token: ['Lifetime validation failed. The token is expired'],
      invalid_token: [
        'Lifetime validation failed. The token is missing an Expiration Time',
        'Lifetime validation failed. The NotBefore: * is after Expires',
        'Token type validation failed. Type: * Did not match',
        'The securityToken has previously been validated',
      ],
      server_misconfiguration: [
        'No security keys were provided to validate the signature',
        'validationParameters.ValidAudience is null or whitespace and validationParameters.ValidAudiences is null',
        'validationParameters.ValidIssuer is null or whitespace AND validationParameters.ValidIssuers is null',
      ],
      invalid_signature: [
        'Signature validation failed. Unable to match key',
        'Signature validation failed. Keys tried',
        'Unable to validate signature, token does not have a signature',
        "The token's kid is: * but did not match any keys",
        "Signature validation failed. The token's kid is missing",
        'X509SecurityKey validation failed. The associated certificate has expired',
        'X509SecurityKey validation failed. The associated certificate is not yet valid',
        'is not in the user-defined accepted list of algorithms',
      ],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source:
      'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.Tokens/LogMessages.cs (from memory)',
    codes: {
      expired_token: 'SecurityTokenExpiredException',
      clock_skew: 'SecurityTokenNotYetValidException',
      invalid_signature:
        'SecurityTokenInvalidSignatureException SecurityTokenSignatureKeyNotFoundException SecurityTokenInvalidSigningKeyException SecurityTokenInvalidAlgorithmException SecurityTokenUnableToValidateException',
      audience_mismatch: 'SecurityTokenInvalidAudienceException',
      issuer_mismatch: 'SecurityTokenInvalidIssuerException',
      invalid_token:
        'SecurityTokenNoExpirationException SecurityTokenInvalidLifetimeException SecurityTokenInvalidTypeException SecurityTokenReplayDetectedException SecurityTokenReplayAddFailedException SecurityTokenDecryptionFailedException SecurityTokenValidationException',
      server_misconfiguration: 'SecurityTokenEncryptionKeyNotFoundException',
      malformed_credentials: 'SecurityTokenMalformedException',
    },
  },
  {
    system: 'microsoft-identitymodel',
    source: 'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/System.IdentityModel.Tokens.Jwt/LogMessages.cs',
    codes: {
      malformed_credentials: 'IDX12709 IDX12720 IDX12723 IDX12729 IDX12739 IDX12740 IDX12741',
      invalid_token: 'IDX12710',
    },
    phrases: {
      malformed_credentials: [
        'CanReadToken() returned false. JWT is not well formed',
        'JWT must have three segments (JWS) or five segments (JWE)',
        'JWT has three segments but is not in proper JWS format',
        'Unable to decode the header * as Base64Url encoded string',
        'Unable to decode the payload * as Base64Url encoded string',
      ],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source: 'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.JsonWebTokens/LogMessages.cs',
    codes: {
      malformed_credentials:
        'IDX14100 IDX14101 IDX14102 IDX14107 IDX14111 IDX14120 IDX14121 IDX14122 IDX14306 IDX14307 IDX14308 IDX14309 IDX14310 IDX14311 IDX14312',
      invalid_token: 'IDX14304',
    },
    phrases: {
      malformed_credentials: [
        'JWT is not well formed, there are no dots',
        'JWT is not well formed, there is only one dot',
        'JWT is not a well formed JWE',
        'Token string does not match the token formats: JWE * or JWS',
      ],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source: 'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.Protocols/LogMessages.cs',
    codes: {
      server_misconfiguration: 'IDX20108 IDX20803 IDX20804 IDX20806 IDX20807 IDX20808 IDX20809 IDX20810',
    },
    phrases: {
      server_misconfiguration: [
        'Unable to obtain configuration from',
        'Unable to retrieve document from',
        'Unable to obtain an updated configuration from',
        'The address specified * is not valid as per HTTPS scheme',
      ],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source:
      'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.Protocols.OpenIdConnect/LogMessages.cs',
    codes: {
      invalid_token:
        'IDX21300 IDX21307 IDX21312 IDX21314 IDX21321 IDX21330 IDX21331 IDX21338 IDX21339 IDX21349 OpenIdConnectProtocolInvalidNonceException OpenIdConnectProtocolInvalidStateException OpenIdConnectProtocolInvalidCHashException OpenIdConnectProtocolInvalidAtHashException',
      session_cookie_missing: 'IDX21320 IDX21323 IDX21329',
      session_expired: 'IDX21324',
      audience_mismatch: 'IDX21340',
      server_misconfiguration: 'IDX21817 IDX21818',
    },
    phrases: {
      session_expired: ["The 'nonce' has expired"],
      invalid_token: ['found in the jwt token did not match the expected nonce'],
      audience_mismatch: ["contains 'azp' claim but its value is not equal to Client Id"],
    },
  },
  {
    system: 'microsoft-identitymodel',
    source:
      'AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet:src/Microsoft.IdentityModel.Tokens/LogMessages.cs (older version)',
    codes: {
      invalid_signature: 'IDX10516',
    },
  },
  {
    system: 'nimbus-jose-jwt',
    source: 'nimbus-jose-jwt:src/main/java/com/nimbusds/jwt/proc/DefaultJWTClaimsVerifier.java, DefaultJWTProcessor.java',
    codes: {
      invalid_token: 'BadJWTException BadJWEException BadJOSEException',
      invalid_signature: 'BadJWSException',
      server_misconfiguration: 'KeySourceException',
    },
    phrases: {
      audience_mismatch: ['JWT audience rejected', 'JWT missing required audience', 'JWT aud claim has value * must be'],
      invalid_token: [
        'JWT missing required claims',
        'JWT has prohibited claims',
        'JWT * claim has value * must be',
        'Encrypted JWT rejected',
        'The payload is not a nested signed JWT',
      ],
      issuer_mismatch: ['JWT iss claim has value * must be'],
      expired_token: ['Expired JWT'],
      clock_skew: ['JWT before use time'],
      invalid_signature: [
        'Signed JWT rejected: Invalid signature',
        'Signed JWT rejected: Another algorithm expected, or no matching key(s) found',
        'Unsecured (plain) JWTs are rejected, extend class to handle',
        'JWS object rejected: No matching verifier(s) found',
        'Encrypted JWT rejected: Another algorithm expected, or no matching key(s) found',
      ],
      server_misconfiguration: ['Signed JWT rejected: No JWS key selector is configured', 'No JWS verifier is configured'],
    },
  },
  {
    system: 'nimbus-jose-jwt',
    source: 'nimbus-jose-jwt:src/main/java/com/nimbusds/jwt/proc/DefaultJWTClaimsVerifier.java, DefaultJWTProcessor.java (from memory)',
    codes: {
      server_misconfiguration: 'RemoteKeySourceException JWKSetUnavailableException JWKSetRetrievalException',
    },
    phrases: {
      invalid_signature: ['JWS object rejected: Another algorithm expected'],
      invalid_token: ['JOSE header "typ" (type) * not allowed'],
      server_misconfiguration: ["Couldn't retrieve remote JWK set"],
      malformed_credentials: [
        'Invalid serialized unsecured/JWS/JWE object: Missing part delimiters',
        'Invalid JWT serialization: Missing dot delimiter(s)',
        'Invalid unsecured/JWS/JWE header',
        'Payload of JWS object is not a valid JSON object',
      ],
    },
  },
  {
    system: 'njwt',
    source: 'jwtk/njwt:properties.json',
    phrases: {
      malformed_credentials: ['Jwt cannot be parsed'],
      expired_token: ['Jwt is expired'],
      invalid_signature: ['Unexpected signature algorithm'],
      server_misconfiguration: ['Signing key is required'],
    },
  },
  {
    system: 'njwt',
    source: 'jwtk/njwt:properties.json (from memory)',
    phrases: {
      clock_skew: ['Jwt not active'],
    },
  },
  {
    system: 'node-jsonwebtoken',
    source: 'auth0/node-jsonwebtoken:verify.js',
    codes: {
      expired_token: 'TokenExpiredError',
      clock_skew: 'NotBeforeError',
      invalid_token: 'JsonWebTokenError',
    },
    phrases: {
      expired_token: ['jwt expired', 'maxAge exceeded'],
      malformed_credentials: ['jwt malformed', 'jwt must be a string'],
      missing_credentials: ['jwt must be provided'],
      invalid_signature: ['invalid signature', 'jwt signature is required', 'invalid algorithm'],
      audience_mismatch: ['jwt audience invalid. expected'],
      issuer_mismatch: ['jwt issuer invalid. expected'],
      invalid_token: [
        'jwt subject invalid. expected',
        'jwt jwtid invalid. expected',
        'jwt id invalid. expected',
        'iat required when maxAge is specified',
        'invalid exp value',
        'invalid nbf value',
      ],
      server_misconfiguration: [
        'secret or public key must be provided',
        'secretOrPrivateKey must have a value',
        'please specify "none" in "algorithms" to verify unsigned tokens',
        'secretOrPublicKey must be an asymmetric key when using',
        'secretOrPublicKey is not valid key material',
      ],
      unknown: ['error in secret or public key callback'],
    },
  },
  {
    system: 'pyjwt',
    source: 'jpadilla/pyjwt:jwt/api_jwt.py, jwt/api_jws.py, jwt/jwks_client.py',
    codes: {
      expired_token: 'ExpiredSignatureError',
      clock_skew: 'ImmatureSignatureError InvalidIssuedAtError',
      invalid_signature: 'InvalidSignatureError InvalidAlgorithmError',
      audience_mismatch: 'InvalidAudienceError',
      issuer_mismatch: 'InvalidIssuerError',
      invalid_token: 'MissingRequiredClaimError InvalidTokenError',
      malformed_credentials: 'DecodeError',
    },
    phrases: {
      expired_token: ['Signature has expired'],
      malformed_credentials: [
        'Not enough segments',
        'Invalid header padding',
        'Invalid payload padding',
        'Invalid crypto padding',
        'Invalid header string',
        'Invalid payload string',
      ],
      invalid_signature: ['The specified alg value is not allowed', 'Algorithm not specified'],
      clock_skew: ['The token is not yet valid (iat)', 'The token is not yet valid (nbf)', 'Issued At claim (iat) must be an integer'],
      server_misconfiguration: ['pass in a value for the "algorithms" argument when calling decode()'],
    },
  },
  {
    system: 'pyjwt',
    source: 'jpadilla/pyjwt:jwt/api_jwt.py, jwt/api_jws.py, jwt/jwks_client.py (from memory)',
    codes: {
      invalid_token: 'InvalidSubjectError InvalidJTIError',
      server_misconfiguration: 'InvalidKeyError PyJWKClientConnectionError PyJWKSetError',
      unknown: 'PyJWKClientError',
    },
    phrases: {
      server_misconfiguration: ['Fail to fetch data from the url, err'],
      audience_mismatch: ["Audience doesn't match", 'Token is missing the "aud" claim'],
      issuer_mismatch: ['Token is missing the "iss" claim'],
      expired_token: ['Token is missing the "exp" claim'],
    },
  },
  {
    system: 'python-jose',
    source: 'mpdavis/python-jose:jose/jwt.py, jose/jws.py',
    codes: {
      invalid_token: 'JWTClaimsError JWTError',
      malformed_credentials: 'JWSError',
    },
    phrases: {
      malformed_credentials: ['Error decoding token headers', 'Error decoding token claims'],
      invalid_token: ['Subject must be a string', 'JWT ID must be a string', 'audience must be a string or None'],
    },
  },
  {
    system: 'python-jose',
    source: 'mpdavis/python-jose:jose/jwt.py, jose/jws.py (from memory)',
    codes: {
      invalid_signature: 'JWSSignatureError JWSAlgorithmError',
      server_misconfiguration: 'JWKError',
    },
    phrases: {
      audience_mismatch: ['Audience claim expected, but not in claims'],
      invalid_signature: ['Signature verification failed'],
      invalid_token: ['at_hash claim does not match access_token'],
    },
  },
  {
    system: 'ruby-jwt',
    source: 'jwt/ruby-jwt:lib/jwt/verify.rb, lib/jwt/error.rb',
    codes: {
      invalid_signature: 'VerificationError IncorrectAlgorithm',
      audience_mismatch: 'InvalidAudError',
      clock_skew: 'InvalidIatError',
      invalid_token: 'InvalidSubError',
    },
    phrases: {
      clock_skew: ['Signature nbf has not been reached', 'Invalid iat'],
      invalid_token: ['Invalid jti', 'Missing jti', 'Invalid subject. Expected * received'],
      audience_mismatch: ['Invalid audience. Expected * received'],
      issuer_mismatch: ['Invalid issuer. Expected * received'],
      malformed_credentials: ['Not enough or too many segments', 'Invalid segment encoding'],
      invalid_signature: ['Expected a different algorithm', 'Could not find public key for kid'],
      server_misconfiguration: ['No verification key available'],
      missing_credentials: ['Nil JSON web token'],
    },
  },
  {
    system: 'ruby-jwt',
    source: 'jwt/ruby-jwt:lib/jwt/verify.rb, lib/jwt/error.rb (from memory)',
    codes: {
      malformed_credentials: 'Base64DecodeError InvalidPayload',
      invalid_signature: 'UnsupportedEcdsaCurve',
    },
    phrases: {
      invalid_signature: ['Signature verification raised', 'No key id (kid) found from token headers'],
    },
  },
  {
    system: 'ruby-jwt',
    source: 'jwt/ruby-jwt:lib/jwt/decode.rb',
    phrases: {
      server_misconfiguration: ['An algorithm must be specified'],
      invalid_signature: ['Token is missing alg header'],
    },
  },
  {
    system: 'smallrye-jwt',
    source: 'smallrye/smallrye-jwt:implementation/jwt-auth/src/main/java/io/smallrye/jwt/auth/principal/PrincipalMessages.java',
    codes: {
      invalid_token: 'SRJWT07000 SRJWT07001 SRJWT07008 SRJWT07009 SRJWT07010',
      server_misconfiguration: 'SRJWT07002 SRJWT07003 SRJWT07004 SRJWT07005 SRJWT07007 SRJWT07012 SRJWT07014',
      invalid_signature: 'SRJWT07006 SRJWT07011',
      malformed_credentials: 'SRJWT07013',
    },
    phrases: {
      invalid_token: [
        'SRJWT07000: Failed to verify a token',
        'No claim exists in sub, upn or preferred_username',
        'Failed to verify max TTL',
        'Required claims are not present in the JWT',
      ],
      server_misconfiguration: ['Failed to load a key from the key content', 'Decryption key is unresolvable'],
      invalid_signature: ["Invalid token 'kid' header", 'Verification key is unresolvable'],
      malformed_credentials: ['Encrypted token sequence is invalid'],
    },
  },
  {
    system: 'smallrye-jwt',
    source: 'smallrye/smallrye-jwt:implementation/jwt-auth/src/main/java/io/smallrye/jwt/auth/principal/PrincipalLogging.java',
    codes: {
      invalid_token: 'SRJWT08004 SRJWT08014',
      invalid_signature: 'SRJWT08005 SRJWT08021 SRJWT08023 SRJWT08028',
      server_misconfiguration: 'SRJWT08020 SRJWT08022 SRJWT08025 SRJWT08027 SRJWT08041',
      malformed_credentials: 'SRJWT08042 SRJWT08044',
    },
    phrases: {
      invalid_signature: ["JWK with a matching 'kid' is not available"],
      server_misconfiguration: ['Failed to refresh HTTPS JWK Set'],
    },
  },
  {
    system: 'swift-jwt-kit',
    source: 'vapor/jwt-kit:Sources/JWTKit/JWTError.swift (from memory)',
    phrases: {
      expired_token: ['exp claim verification failed: expired'],
      clock_skew: ['nbf claim verification failed: too soon'],
      invalid_signature: ['signing algorithm error'],
    },
  },
  {
    system: 'swift-jwt-kit',
    source: 'vapor/jwt-kit:Sources/JWTKit/JWTError.swift',
    phrases: {
      invalid_token: ['Claim verification failed for'],
      expired_token: ['Claim verification failed for exp'],
      clock_skew: ['Claim verification failed for nbf'],
      audience_mismatch: ['Claim verification failed for aud'],
      issuer_mismatch: ['Claim verification failed for iss'],
      invalid_signature: [
        'JWTKit error: Signature verification failed',
        'JWTKit error: Unknown KID',
        'JWTKit error: Missing KID header',
        'Signing algorithm failure',
      ],
      malformed_credentials: ['JWTKit error: Malformed token'],
    },
  },
  {
    system: 'tymon-jwt-auth',
    source: 'tymondesigns/jwt-auth:src/Exceptions, src/Claims, src/Http/Middleware (from memory)',
    codes: {
      invalid_token: 'TokenInvalidException',
    },
    phrases: {
      revoked_token: ['The token has been blacklisted'],
      missing_credentials: ['Token not provided', 'The token could not be parsed from the request', 'A token is required'],
      malformed_credentials: ['Malformed token', 'Could not decode token'],
      invalid_signature: ['Token Signature could not be verified'],
      refresh_failed: ['Token has expired and can no longer be refreshed'],
      clock_skew: ['Not Before (nbf) timestamp cannot be in the future', 'Issued At (iat) timestamp cannot be in the future'],
      invalid_token: ['JWT payload does not contain the required claims'],
      server_misconfiguration: ['Could not create token', 'Secret is not set', 'The given algorithm could not be found'],
    },
  },
  {
    system: 'tymon-jwt-auth',
    source: 'tymondesigns/jwt-auth:src/Exceptions, src/Claims, src/Http/Middleware',
    codes: {
      revoked_token: 'TokenBlacklistedException',
      unknown: 'JWTException',
      invalid_credentials: 'UserNotDefinedException',
    },
    phrases: {
      missing_credentials: ['Token could not be parsed from the request'],
      server_misconfiguration: ['You must have the blacklist enabled to invalidate a token'],
    },
  },
  {
    system: 'vertx-auth',
    source: 'vert-x3/vertx-auth:vertx-auth-jwt JWTAuthProviderImpl',
    phrases: {
      expired_token: ['Invalid JWT token: token expired'],
      issuer_mismatch: ['Invalid JWT issuer'],
      audience_mismatch: ['Invalid JWT audience. expected'],
    },
  },
  {
    system: 'vertx-auth',
    source: 'vert-x3/vertx-auth:vertx-auth-jwt JWTAuthProviderImpl (from memory)',
    codes: {
      invalid_signature: 'NoSuchKeyIdException',
    },
    phrases: {
      expired_token: ['Expired JWT token: exp <= now'],
      clock_skew: ['Invalid JWT token: iat > now', 'Invalid JWT token: nbf > now'],
    },
  },
  {
    system: 'web-token',
    source: 'web-token/jwt-framework:src/Component/Checker (from memory)',
    codes: {
      invalid_token: 'MissingMandatoryClaimException MissingMandatoryHeaderParameterException InvalidHeaderException',
    },
    phrases: {
      audience_mismatch: ['Bad audience'],
      issuer_mismatch: ['Unknown issuer'],
      clock_skew: ['The JWT is issued in the future', 'The JWT can not be used yet'],
      invalid_token: ['The following claims are mandatory'],
    },
  },
  {
    system: 'web-token',
    source: 'web-token/jwt-framework:src/Component/Checker',
    phrases: {
      expired_token: ['The token expired'],
    },
  },
];
