package org.caravanmta.sasl.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.sasl.client.TokenSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All access tokens that the settings name. From {@link #begin} on they are kept good when nobody
/// asks for them: a refresh token that is not used for months dies.
public final class Tokens implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /// How long an endpoint or a program may take.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// How often it is looked whether a token has to be refreshed.
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Map<String, KeptToken> all = new LinkedHashMap<>();
  private final Watch watch;
  private Optional<ScheduledExecutorService> tending = Optional.empty();

  /// Who is told what is wrong with tokens, again and again while it is.
  @FunctionalInterface
  public interface Watch {
    /// @param trouble absent if all is well
    void see(String token, Optional<TokenCondition> trouble);
  }

  /// @throws WrongSetting says which file cannot be used, and why
  public Tokens(TokenSettings own, InstantSource clock, Watch watch) {
    this.watch = watch;
    for (String text : own.tokens()) {
      TokenLine line = TokenLine.parse(text);
      all.put(line.name(), new KeptToken(line, origin(line.origin()), own.expiryWarning(), clock));
    }
  }

  /// The tokens by their names.
  public Map<String, TokenSource> all() {
    return Map.copyOf(all);
  }

  /// From now on the tokens are kept good.
  public synchronized void begin() {
    if (all.isEmpty() || tending.isPresent()) {
      return;
    }
    var executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("access-tokens").unstarted(task));
    executor.scheduleWithFixedDelay(this::tend, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    tending = Optional.of(executor);
  }

  @Override
  public synchronized void close() {
    // a request in progress ends in its own time: its answer may be a new refresh token
    tending.ifPresent(
        executor -> {
          executor.shutdown();
          try {
            if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
              LOG.warn("an access token is still being fetched");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /// An executor forgets a task that has thrown.
  void tend() {
    all.forEach(
        (name, token) -> {
          try {
            token.tend();
            watch.see(name, token.trouble());
          } catch (RuntimeException | Error e) {
            LOG.error("access token {} is not kept good now", name, e);
          }
        });
  }

  private static TokenOrigin origin(TokenLine.Origin origin) {
    return switch (origin) {
      case TokenLine.Origin.InFile(Path file) -> {
        var text = new SecretText(file);
        text.check();
        yield new TokenFile(text);
      }
      case TokenLine.Origin.FromCommand(var command) -> {
        if (!Files.isExecutable(Path.of(command.getFirst()))) {
          throw new IllegalArgumentException(command.getFirst() + ": it is not a program");
        }
        yield new TokenCommand(command, PATIENCE);
      }
      case TokenLine.Origin.FromEndpoint endpoint -> {
        endpoint.secretFile().map(SecretText::new).ifPresent(SecretText::check);
        endpoint
            .refreshFile()
            .map(SecretText::new)
            .ifPresent(
                file -> {
                  file.check();
                  file.checkReplaceable();
                });
        yield new TokenEndpoint(endpoint, endpoint.authorityFile().map(Tokens::trusting), PATIENCE);
      }
    };
  }

  private static SSLContext trusting(Path file) {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + count++, each);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": certificates in PEM were expected", e);
    }
  }
}
