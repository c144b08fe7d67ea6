package org.caravanmta.sasl.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import org.caravanmta.config.FileTrouble;

/// Checks bearer tokens: JWTs (RFC 7519 §7.2, RFC 9068 §4) signed with a key of a JWKS file, which
/// is read at each login (RFC 7517 §5).
final class BearerTokens {
  private static final Set<JWSAlgorithm> ALGORITHMS = new HashSet<>();

  static {
    // no algorithm with a shared secret: the keys in the file are public
    ALGORITHMS.addAll(JWSAlgorithm.Family.RSA);
    ALGORITHMS.addAll(JWSAlgorithm.Family.EC);
  }

  private final Path keys;
  private final SaslSettings.Oauth good;
  private final InstantSource clock;

  /// @param keys the JWKS file
  /// @param good which tokens are good
  /// @throws IllegalArgumentException says what is wrong with the JWKS file
  BearerTokens(Path keys, SaslSettings.Oauth good, InstantSource clock) {
    this.keys = keys;
    this.good = good;
    this.clock = clock;
    try {
      read();
    } catch (IOException e) {
      throw new IllegalArgumentException(keys + ": " + FileTrouble.of(e), e);
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          keys + ": a set of keys (RFC 7517) was expected: " + e.getMessage(), e);
    }
  }

  /// Checks a token.
  ///
  /// @param claimed the user that the client claims to be; empty to accept any that the token names
  CredentialCheck check(String token, String claimed) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    try {
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(read())));
    } catch (IOException | ParseException e) {
      return new CredentialCheck.Unavailable(keys + " cannot be used: " + e);
    }
    // RFC 9068 §4: an access token has one of these types, or none
    processor.setJWSTypeVerifier(
        (type, _) -> {
          String name = type == null ? "jwt" : type.getType().toLowerCase(java.util.Locale.ROOT);
          if (!name.equals("jwt") && !name.equals("at+jwt") && !name.equals("application/at+jwt")) {
            throw new BadJOSEException("the type " + name);
          }
        });
    var exact = new JWTClaimsSet.Builder();
    good.issuer().ifPresent(exact::issuer);
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            good.audience().orElse(null), exact.build(), Set.of("exp", good.userClaim())) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
    try {
      String user = processor.process(token, null).getStringClaim(good.userClaim());
      if (user == null || user.isEmpty() || PasswordMechanisms.hasControl(user)) {
        return new CredentialCheck.Wrong("a token without a user");
      }
      return claimed.isEmpty() || claimed.equals(user)
          ? new CredentialCheck.Right(user)
          : new CredentialCheck.Wrong("a token of another user");
    } catch (ParseException | BadJOSEException e) {
      return new CredentialCheck.Wrong("a token that is not good: " + e.getMessage());
    } catch (JOSEException e) {
      return new CredentialCheck.Unavailable("a token could not be read: " + e.getMessage());
    }
  }

  private JWKSet read() throws IOException, ParseException {
    return JWKSet.parse(Files.readString(keys));
  }
}
