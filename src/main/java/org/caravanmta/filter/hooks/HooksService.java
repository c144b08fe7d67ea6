package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.filter.contract.WireInput;

/// A service that speaks MTA Hooks: registers with it and asks it. One of these is enough for all
/// that the service is asked about, by any number of threads at a time.
public final class HooksService implements AutoCloseable {
  static final String REGISTRATION = "X-MTA-Hooks-Registration";
  private static final String REQUEST = "X-MTA-Hooks-Request-Id";

  /// More than an answer has that replaces no message.
  private static final long SPARE = 1 << 20;

  /// More is not read, whatever the message was.
  private static final long LONGEST = 128 << 20;

  /// What fails sooner than that is tried once more.
  private static final Duration PROMPT = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final HooksPlace address;
  private final HooksTerms terms;
  private final InstantSource clock;
  private final FilterPatience patience;
  private final FilterWeb web;
  private final Registrar registrar;

  /// What a service has said.
  ///
  /// @param before what it was asked
  /// @param changed what it has made of that
  record Told(JsonObject before, HooksPatch changed) {}

  /// The service does not take messages of that size.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String why) {
      super(why);
    }
  }

  /// @param written `https://scanner.example.com/v1/hooks/register`, where we register; without a
  ///   path, the service says where
  /// @param patience `command` for a registration and for what has no content
  /// @throws IllegalArgumentException says what was expected
  public HooksService(
      String written, HooksTerms terms, FilterPatience patience, InstantSource clock) {
    this.address = HooksPlace.parse(written);
    this.terms = terms;
    this.clock = clock;
    this.patience = patience;
    this.web = new FilterWeb(patience);
    this.registrar = new Registrar(address, terms, patience, web, clock);
  }

  /// What tells the time.
  InstantSource clock() {
    return clock;
  }

  /// Whether it is to be asked at a stage, if it wants to be.
  boolean isFor(HooksStage stage) {
    return terms.stages().contains(stage);
  }

  /// Asks.
  ///
  /// @return absent if the service does not want to be asked at this stage
  /// @throws IOException if there is no answer, or none that may be given
  Optional<Told> ask(HookQuestion question) throws IOException {
    if (!isFor(question.stage())) {
      return Optional.empty();
    }
    Registration registration = registrar.registration();
    String id = UUID.randomUUID().toString();
    boolean renewed = false;
    boolean repeated = false;
    while (registration.covers(question.stage())) {
      Instant start = clock.instant();
      FilterWeb.Answer said;
      try {
        said = post(registration, question, id);
      } catch (SocketException | NoHttpResponseException | ConnectionClosedException e) {
        if (repeated || isLate(start)) {
          throw e;
        }
        repeated = true;
        pause();
        continue;
      }
      switch (said.code()) {
        case 200, 204 -> {
          return Optional.of(new Told(question.described(), HooksPatch.of(said, question)));
        }
        case 404, 410 -> {
          if (renewed) {
            throw new IOException(Registrar.error(said));
          }
          renewed = true;
          registrar.forget(registration);
          registration = registrar.registration();
        }
        default -> {
          if (said.code() < 500 || repeated || isLate(start)) {
            throw new IOException(Registrar.error(said));
          }
          repeated = true;
          pause();
        }
      }
    }
    return Optional.empty();
  }

  private boolean isLate(Instant start) {
    return Duration.between(start, clock.instant()).compareTo(PROMPT) > 0;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private FilterWeb.Answer post(Registration registration, HookQuestion question, String id)
      throws IOException {
    long size = question.message().map(message -> message.mail().size()).orElse(0L);
    if (registration.longest().isPresent() && size > registration.longest().getAsLong()) {
      throw new TooLarge(
          "a message of "
              + size
              + " bytes, and the service takes "
              + registration.longest().getAsLong());
    }
    var request = new HttpPost(registration.endpoint());
    registrar.authorize(request);
    request.addHeader(REGISTRATION, registration.id());
    request.addHeader(REQUEST, id);
    request.setEntity(
        question.entity(registration.of(question.stage()), registration.serialization()));
    long longest = SPARE + 2 * question.message().map(HookQuestion::coded).orElse(0L);
    return web.ask(
        request,
        (int) Math.min(longest, LONGEST),
        question.message().isPresent() ? patience.content() : patience.command());
  }

  /// That there is no answer, and why. Of a message that it does not take, or that we cannot read,
  /// the service is not to blame.
  Judgement.NoAnswer none(Exception e) {
    return new Judgement.NoAnswer(
        why(e),
        e instanceof TooLarge ? Judgement.NoAnswer.Cause.MESSAGE : UnreadableMessage.cause(e));
  }

  private String why(Exception e) {
    return address
        + ": "
        + WireInput.shown(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  @Override
  public void close() {
    registrar.leave();
    web.close();
  }
}
