package org.caravanmta.delivery.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.message.Reason;

/// Whether a destination is left alone, since it is dead or has asked for it. Not safe for use by
/// several threads.
///
/// | state | `until` | `probing` | at work |
/// |---|---|---|---|
/// | alive | past | no | as many as the window is wide |
/// | dead | to come | yes | none new; who asks is told so |
/// | to be probed | past | yes | one; its success makes the destination alive, its failure dead |
final class Standstill {
  private final InstantSource clock;
  private Instant until = Instant.MIN;
  private boolean probing;
  private Optional<Reason> cause = Optional.empty();

  /// Whether a rule of the operator's has brought it about: the site is there.
  private boolean byRule;

  /// How often it has begun.
  private int life;

  Standstill(InstantSource clock) {
    this.clock = clock;
  }

  /// Begins one: the site is dead.
  void die(Instant end, Reason why) {
    begin(end, why, false);
  }

  /// Begins one by a rule, or makes the present one longer.
  void command(Instant end, Reason why) {
    begin(isOn() && until.isAfter(end) ? until : end, why, true);
  }

  private void begin(Instant end, Reason why, boolean ruled) {
    life++;
    probing = true;
    until = end;
    cause = Optional.of(why);
    byRule = ruled;
  }

  boolean isOn() {
    return clock.instant().isBefore(until);
  }

  boolean isProbing() {
    return probing;
  }

  boolean isByRule() {
    return byRule;
  }

  int life() {
    return life;
  }

  Instant until() {
    return until;
  }

  /// The text of its cause; empty without one.
  String why() {
    return cause.map(Reason::text).orElse("");
  }

  /// The answer to a task while it is on.
  Admission answer() {
    String status = byRule ? cause.map(it -> it.softened().status().toString()).orElse("") : "";
    return new Admission.Suspended(
        Reason.of(status.isEmpty() ? "4.4.1" : status, "delivery temporarily suspended: " + why()));
  }

  /// Whether a task that has reached the site shows that it may have mail again: one that began
  /// before the site asked to be left alone does not.
  ///
  /// @param since the life in which it began
  boolean isOverFor(int since) {
    return probing && (!byRule || since == life);
  }

  /// Ends it early: the site is probed now.
  void cut() {
    until = Instant.MIN;
  }

  /// Ends it, and what began before says nothing of the site any more.
  void restart() {
    life++;
    end();
  }

  /// Ends it: the site is alive.
  void end() {
    probing = false;
    until = Instant.MIN;
    cause = Optional.empty();
    byRule = false;
  }
}
