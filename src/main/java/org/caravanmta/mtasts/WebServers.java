package org.caravanmta.mtasts;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.util.Timeout;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;

/// The web servers of domains, `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` (RFC 8461 §3.3). No
/// redirection is followed.
public final class WebServers implements PolicySource {
  /// RFC 8461 §3.3 suggests 64 KiB.
  private static final int LARGEST = 64 * 1024;

  private static final int AT_A_TIME = 20;
  private static final int OK = 200;

  private final CloseableHttpClient client;
  private final ScheduledExecutorService ends;
  private final Duration timeout;
  private final int port;

  /// @param port 443
  /// @param timeout how long one policy may take; RFC 8461 §3.3 suggests a minute
  /// @param trust whom a server's certificate may be from
  public WebServers(DnsNames names, int port, Duration timeout, SSLContext trust) {
    this.port = port;
    this.timeout = timeout;
    this.ends =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("mta-sts").unstarted(task));
    Timeout step = Timeout.of(timeout);
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(resolver(names))
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(step).setSocketTimeout(step).build())
            .setMaxConnTotal(AT_A_TIME)
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(step)
                    .setResponseTimeout(step)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .setUserAgent("Caravan")
            .build();
  }

  @Override
  public String read(String domain) throws IOException {
    var get = new HttpGet(at(domain));
    get.addHeader("Connection", "close");
    var late = new AtomicBoolean();
    // a server that sends a byte now and then never runs into the time-out of a read
    var end =
        ends.schedule(
            () -> {
              late.set(true);
              get.cancel();
            },
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return client.execute(get, WebServers::text);
    } catch (SSLException e) {
      throw new Refused(message(e), e);
    } catch (IOException e) {
      if (late.get()) {
        throw new SocketTimeoutException("no policy within " + timeout.toSeconds() + " s");
      }
      throw e;
    } finally {
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    ends.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      // nobody is left to ask
    }
  }

  private URI at(String domain) {
    String server = "https://mta-sts." + domain + (port == 443 ? "" : ":" + port);
    return URI.create(server + "/.well-known/mta-sts.txt");
  }

  private static String text(ClassicHttpResponse response) throws IOException {
    if (response.getCode() != OK) {
      throw new IOException("HTTP " + response.getCode());
    }
    var entity = response.getEntity();
    ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
    if (entity == null || type == null || !type.getMimeType().equalsIgnoreCase("text/plain")) {
      throw new IOException("not text/plain, but " + type);
    }
    try (InputStream in = entity.getContent()) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("longer than " + LARGEST + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /// The DNS that mail is delivered by.
  private static DnsResolver resolver(DnsNames names) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return switch (names.addresses(host)) {
          case DnsAnswer.Records<InetAddress>(var found, _) -> found.toArray(InetAddress[]::new);
          case DnsAnswer.None<InetAddress> _ -> throw new UnknownHostException(host);
          case DnsAnswer.Unavailable<InetAddress>(String why) ->
              throw new UnknownHostException(host + ": " + why);
        };
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  private static String message(SSLException why) {
    return String.valueOf(why.getMessage()).replaceAll("\\p{C}", " ");
  }
}
