package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.WireInput;
import org.jspecify.annotations.Nullable;

/// Registers with a service, and again before the registration ends (draft-degennaro-mta-hooks-01,
/// "Registration"). Whoever needs a registration while one is being made waits for that one.
final class Registrar {
  /// The status of a server that does not take what is sent as what it is (RFC 9110 §15.5.16).
  private static final int ANOTHER_TYPE = 415;

  /// More than any of a service's documents has.
  private static final int LONGEST = 1 << 20;

  /// How long a service that does not renew a registration is not asked again, while the old one
  /// lasts.
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /// What a service is given to take leave of us.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final HooksPlace address;
  private final HooksTerms terms;
  private final FilterPatience patience;
  private final FilterWeb web;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Registration current;
  private @Nullable CompletableFuture<Registration> coming;

  Registrar(
      HooksPlace address,
      HooksTerms terms,
      FilterPatience patience,
      FilterWeb web,
      InstantSource clock) {
    this.address = address;
    this.terms = terms;
    this.patience = patience;
    this.web = web;
    this.clock = clock;
  }

  /// The registration, which is made if there is none.
  Registration registration() throws IOException {
    var mine = new CompletableFuture<Registration>();
    CompletableFuture<Registration> awaited;
    Registration old;
    lock.lock();
    try {
      Instant now = clock.instant();
      old = current;
      if (old != null && old.hasEnded(now)) {
        old = null;
      }
      if (old != null && !old.isDue(now)) {
        return old;
      }
      awaited = coming;
      if (awaited != null && old != null) {
        return old;
      }
      if (awaited == null) {
        awaited = mine;
        coming = mine;
      }
    } finally {
      lock.unlock();
    }
    return awaited == mine ? made(mine, Optional.ofNullable(old)) : awaited(awaited);
  }

  private Registration made(CompletableFuture<Registration> mine, Optional<Registration> old)
      throws IOException {
    try {
      Registration made = register();
      end(made);
      mine.complete(made);
      return made;
    } catch (IOException | RuntimeException e) {
      if (old.isPresent()) {
        Registration kept = old.get().renewedAt(clock.instant().plus(PAUSE));
        end(kept);
        mine.complete(kept);
        return kept;
      }
      end(null);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private void end(@Nullable Registration made) {
    lock.lock();
    try {
      current = made;
      coming = null;
    } finally {
      lock.unlock();
    }
  }

  private static Registration awaited(CompletableFuture<Registration> awaited) throws IOException {
    try {
      return awaited.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    }
  }

  /// Has a registration made anew that the service does not know any more.
  void forget(Registration gone) {
    lock.lock();
    try {
      if (current != null && current.id().equals(gone.id())) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private Registration register() throws IOException {
    var wanted = Wanted.all(terms.stages());
    Set<HooksSerialization> spoken = terms.serializations();
    HooksSerialization written = HooksSerialization.JSON;
    var at = address;
    if (address.isToBeDiscovered()) {
      JsonObject document = discovery();
      wanted = wanted.limited(document);
      if (wanted.isNothing()) {
        throw new IOException("the service is not for any of the stages that it is to be asked at");
      }
      Set<HooksSerialization> listed = serializations(document);
      written = usual(listed);
      spoken.retainAll(listed);
      String path =
          HooksJson.required(
              HooksJson.object(document, "endpoints")
                  .flatMap(all -> HooksJson.text(all, "registration")),
              "where to register");
      at = new HooksPlace(address.resolve(path));
    }
    FilterWeb.Answer said = register(at, wanted, usual(spoken), written);
    if (said.code() == ANOTHER_TYPE && spoken.contains(HooksSerialization.CBOR)) {
      said = register(at, wanted, HooksSerialization.CBOR, HooksSerialization.CBOR);
    }
    if (said.code() != 201 && said.code() != 200) {
      throw new IOException("registration: " + error(said));
    }
    return Registration.read(
        HooksJson.object(HooksSerialization.read(said), "a registration"),
        wanted,
        spoken,
        at,
        clock.instant());
  }

  /// @param asked the serialization that is asked for
  /// @param written in which that is said
  private FilterWeb.Answer register(
      HooksPlace at, Wanted wanted, HooksSerialization asked, HooksSerialization written)
      throws IOException {
    var request = new HttpPost(at.written());
    authorize(request);
    request.setEntity(written.entity(request(wanted, asked)));
    return web.ask(request, LONGEST, patience.command());
  }

  /// JSON where there is a choice.
  private static HooksSerialization usual(Set<HooksSerialization> these) {
    return these.contains(HooksSerialization.JSON)
        ? HooksSerialization.JSON
        : HooksSerialization.CBOR;
  }

  private JsonObject discovery() throws IOException {
    var request = new HttpGet(address.discovery());
    request.addHeader("Accept", HooksSerialization.JSON.type().getMimeType());
    FilterWeb.Answer said = web.ask(request, LONGEST, patience.command());
    if (said.code() != 200) {
      throw new IOException("discovery: " + error(said));
    }
    JsonObject document = HooksJson.object(HooksSerialization.read(said), "a discovery document");
    String version = HooksJson.text(document, "version").orElse("");
    if (!version.equals("1") && !version.startsWith("1.")) {
      throw new IOException(
          "the service speaks MTA Hooks \"" + WireInput.shown(version) + "\", not 1.0");
    }
    return document;
  }

  /// Those that the service speaks, of those that we know.
  ///
  /// @throws IOException if none of them may be agreed
  private Set<HooksSerialization> serializations(JsonObject document) throws IOException {
    Set<HooksSerialization> listed = EnumSet.noneOf(HooksSerialization.class);
    HooksJson.texts(document, "serialization")
        .ifPresent(
            words -> words.forEach(word -> HooksSerialization.of(word).ifPresent(listed::add)));
    if (Collections.disjoint(listed, terms.serializations())) {
      throw new IOException(
          "the service does not speak " + HooksSerialization.words(terms.serializations()));
    }
    return listed;
  }

  private JsonObject request(Wanted wanted, HooksSerialization asked) {
    String version = Registrar.class.getPackage().getImplementationVersion();
    var request =
        HooksJson.MAKER
            .createObjectBuilder()
            .add("name", terms.name())
            .add("version", version == null ? JsonValue.NULL : HooksJson.MAKER.createValue(version))
            .add("timeoutMs", patience.content().toMillis())
            .add("serialization", asked.word());
    wanted.json().forEach(request::add);
    return request.build();
  }

  void authorize(HttpUriRequestBase request) {
    terms.token().ifPresent(token -> request.addHeader("Authorization", "Bearer " + token));
  }

  /// What a service has said instead of an answer (draft-degennaro-mta-hooks-01, "Error
  /// Responses").
  static String error(FilterWeb.Answer said) {
    try {
      return "HTTP "
          + said.code()
          + HooksJson.object(HooksJson.object(HooksSerialization.read(said), "an error"), "error")
              .map(
                  error ->
                      " "
                          + HooksJson.text(error, "code").orElse("")
                          + " "
                          + HooksJson.text(error, "message").orElse(""))
              .orElse("");
    } catch (IOException e) {
      return "HTTP " + said.code();
    }
  }

  /// Gives the registration up, so that the service need not keep it until it ends.
  void leave() {
    Registration left;
    lock.lock();
    try {
      left = current;
      current = null;
    } finally {
      lock.unlock();
    }
    if (left == null || left.farewell().isEmpty()) {
      return;
    }
    var request = new HttpDelete(left.farewell().get());
    authorize(request);
    request.addHeader(HooksService.REGISTRATION, left.id());
    try {
      web.ask(request, LONGEST, FAREWELL);
    } catch (IOException e) {
      // it ends by itself
    }
  }
}
