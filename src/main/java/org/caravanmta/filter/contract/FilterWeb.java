package org.caravanmta.filter.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.util.Timeout;

/// Content filters that are asked over HTTP (RFC 9110): connections are kept, no answer is waited
/// for longer than is allowed, and none is longer than a limit. No redirection is followed.
public final class FilterWeb implements Closeable {
  private static final int CONNECTIONS = 200;

  private final FilterPatience patience;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor ends;

  /// An answer.
  ///
  /// @param code 200 and the like
  /// @param body all of it
  public record Answer(int code, String contentType, byte[] body) {}

  public FilterWeb(FilterPatience patience) {
    this.patience = patience;
    Timeout connect = Timeout.of(patience.connect());
    Timeout read = Timeout.of(patience.content());
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            // addresses are UTF-8 (RFC 6531)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .charCodingConfig(
                        CharCodingConfig.custom().setCharset(StandardCharsets.UTF_8).build())
                    .build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setConnectTimeout(connect).setSocketTimeout(read).build())
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS)
            .build();
    this.client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(connect)
                    .setResponseTimeout(read)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("Caravan")
            .build();
    this.ends =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("filter answers").factory());
    ends.setRemoveOnCancelPolicy(true);
  }

  /// Asks.
  ///
  /// @param longest the most bytes of an answer
  /// @throws IOException if there is no whole answer in time
  public Answer ask(HttpUriRequestBase request, int longest) throws IOException {
    return ask(request, longest, patience.content());
  }

  /// Asks, and waits no longer than this.
  ///
  /// @param limit not more than is allowed for content
  /// @throws IOException if there is no whole answer in time
  public Answer ask(HttpUriRequestBase request, int longest, Duration limit) throws IOException {
    var late = new AtomicBoolean();
    // a server that sends a byte now and then never runs into the time-out of a read
    var end =
        ends.schedule(
            () -> {
              late.set(true);
              request.cancel();
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return client.execute(request, response -> answer(response, longest));
    } catch (IOException | RuntimeException e) {
      // the client throws either at a status line that it cannot read
      if (late.get()) {
        throw new SocketTimeoutException("no answer within " + limit.toMillis() + " ms");
      }
      throw e instanceof IOException known ? known : new IOException(e);
    } finally {
      end.cancel(false);
    }
  }

  private static Answer answer(ClassicHttpResponse response, int longest) throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new Answer(response.getCode(), "", new byte[0]);
    }
    String type = entity.getContentType() == null ? "" : entity.getContentType();
    try (InputStream in = entity.getContent()) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new IOException("an answer longer than " + longest + " bytes");
      }
      return new Answer(response.getCode(), type, bytes);
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
}
