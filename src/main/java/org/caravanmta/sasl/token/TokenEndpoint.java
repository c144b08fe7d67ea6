package org.caravanmta.sasl.token;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Printable;
import org.jspecify.annotations.Nullable;

/// A token endpoint (RFC 6749 §3.2), asked by the grant `refresh_token` (§6), or
/// `client_credentials` (§4.4) if there is no refresh token.
final class TokenEndpoint implements TokenOrigin {
  /// Errors that another request like it will not mend (RFC 6749 §5.2).
  private static final Set<String> LASTING =
      Set.of(
          "invalid_grant",
          "invalid_client",
          "unauthorized_client",
          "unsupported_grant_type",
          "invalid_scope",
          "invalid_request",
          "interaction_required",
          "consent_required");

  /// How much of an endpoint's own words a reason has.
  private static final int SHOWN = 200;

  private final TokenLine.Origin.FromEndpoint own;
  private final Optional<SSLContext> trust;
  private final Duration patience;

  /// A refresh token that is not in its file yet.
  private Optional<Secret> unsaved = Optional.empty();

  private Optional<String> worry = Optional.empty();

  /// @param trust the authorities that its certificate may come from; absent for the system's
  /// @param patience how long a request may take
  TokenEndpoint(TokenLine.Origin.FromEndpoint own, Optional<SSLContext> trust, Duration patience) {
    this.own = own;
    this.trust = trust;
    this.patience = patience;
  }

  @Override
  public AccessToken fetch(Instant now) throws TokenTrouble {
    mend();
    Map<String, String> form = new LinkedHashMap<>();
    if (own.refreshFile().isPresent()) {
      form.put("grant_type", "refresh_token");
      form.put("refresh_token", refreshToken().text());
    } else {
      form.put("grant_type", "client_credentials");
    }
    form.put("client_id", own.client());
    if (own.secretFile().isPresent()) {
      form.put("client_secret", new SecretText(own.secretFile().get()).read().text());
    }
    if (!own.scopes().isEmpty()) {
      form.put("scope", String.join(" ", own.scopes()));
    }
    HttpResponse<String> response = post(form);
    if (response.statusCode() != 200) {
      throw refused(response.statusCode(), response.body(), form);
    }
    AccessToken token = AccessToken.json(response.body(), now);
    if (own.refreshFile().isPresent()) {
      token
          .refresh()
          .filter(fresh -> !fresh.text().equals(form.get("refresh_token")))
          .ifPresent(this::keep);
    }
    return token;
  }

  @Override
  public String stamp() {
    return own.refreshFile().map(file -> new SecretText(file).stamp()).orElse("")
        + " "
        + own.secretFile().map(file -> new SecretText(file).stamp()).orElse("");
  }

  @Override
  public Optional<String> worry() {
    return worry;
  }

  @Override
  public void mend() {
    unsaved.ifPresent(this::keep);
  }

  private Secret refreshToken() throws TokenTrouble {
    return unsaved.isPresent()
        ? unsaved.get()
        : new SecretText(own.refreshFile().orElseThrow()).read();
  }

  /// The endpoint may have made the token before this one useless (RFC 6749 §6).
  private void keep(Secret refresh) {
    var file = own.refreshFile().orElseThrow();
    try {
      new SecretText(file).replace(refresh);
      unsaved = Optional.empty();
      worry = Optional.empty();
    } catch (IOException e) {
      unsaved = Optional.of(refresh);
      worry =
          Optional.of(
              "a new refresh token cannot be put into "
                  + file
                  + " and would be lost if the server ended now");
    }
  }

  private HttpResponse<String> post(Map<String, String> form) throws TokenTrouble {
    var request =
        HttpRequest.newBuilder(own.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
            .build();
    HttpClient http = client();
    try {
      return http.sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8),
                  AccessToken.MOST_BYTES))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw TokenTrouble.passing(
          own.endpoint() + " cannot be asked: " + Printable.text(said(e.getCause())));
    } catch (TimeoutException e) {
      throw TokenTrouble.passing(own.endpoint() + " does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TokenTrouble.passing("we are ending");
    } finally {
      http.shutdownNow();
    }
  }

  private HttpClient client() {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER);
    trust.ifPresent(builder::sslContext);
    return builder.build();
  }

  private static String said(@Nullable Throwable failure) {
    return failure == null || failure.getMessage() == null
        ? "the connection failed"
        : failure.getMessage();
  }

  /// An error response (RFC 6749 §5.2), without what we sent.
  private TokenTrouble refused(int status, String text, Map<String, String> form) {
    String error = "";
    String words = "";
    try {
      Map<String, Object> object = AccessToken.object(text);
      error = String.valueOf(object.getOrDefault("error", ""));
      words = String.valueOf(object.getOrDefault("error_description", ""));
    } catch (TokenTrouble e) {
      // a proxy, perhaps: the status has to do
    }
    String said = (error + " " + words).strip();
    for (String secret : Set.of("client_secret", "refresh_token")) {
      String value = form.getOrDefault(secret, "");
      said = value.isEmpty() ? said : said.replace(value, "(secret)");
    }
    said = Printable.text(said.length() > SHOWN ? said.substring(0, SHOWN) + "…" : said);
    String why = own.endpoint() + " said: " + status + (said.isEmpty() ? "" : " " + said);
    return LASTING.contains(error) ? TokenTrouble.lasting(why) : TokenTrouble.passing(why);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            pair ->
                pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
