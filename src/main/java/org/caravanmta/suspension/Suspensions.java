package org.caravanmta.suspension;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.selector.Glob;

/// What is suspended now: a list that every delivery asks, and that outlives the server.
public final class Suspensions {
  private static final Destination NOWHERE = new Destination.Other("", "");

  /// Absent for a list that nothing is ever put on.
  private final Optional<SuspensionFile> file;

  private volatile List<Suspension> all;
  private volatile Consumer<String> listener = _ -> {};

  private Suspensions(Optional<SuspensionFile> file, List<Suspension> all) {
    this.file = file;
    this.all = all;
  }

  /// Where nothing is to be delivered, and nothing suspended.
  public static Suspensions none() {
    return new Suspensions(Optional.empty(), List.of());
  }

  /// The list of a data directory.
  ///
  /// @throws IOException if there is one that cannot be read: file, line and what is wrong with it
  public static Suspensions open(Path directory) throws IOException {
    var file = new SuspensionFile(directory);
    return new Suspensions(Optional.of(file), file.read());
  }

  public List<Suspension> all() {
    return all;
  }

  /// The one for which a recipient's mail has to wait; absent when it may be tried.
  public Optional<Suspension> covering(Destination destination, Recipient recipient) {
    for (Suspension each : all) {
      if (each.covers(destination, recipient)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /// Whether some of a message's recipients have to wait.
  public boolean hold(Mail mail) {
    if (all.isEmpty()) {
      return false;
    }
    Destination destination = mail.envelope().destination().orElse(NOWHERE);
    return mail.recipients().stream()
        .anyMatch(recipient -> covering(destination, recipient).isPresent());
  }

  /// Suspends something; what was said of it before is replaced. On the disk, and in force, when
  /// this returns.
  synchronized void add(Suspension suspension) throws IOException {
    var changed = new ArrayList<>(all);
    changed.removeIf(each -> each.isOf(suspension.kind(), suspension.what()));
    changed.add(suspension);
    write(changed);
  }

  /// Resumes what is suspended by just this pattern, or else all that is suspended by names and
  /// patterns that it fits.
  ///
  /// @return what was resumed; empty if nothing of the kind is suspended
  synchronized List<Suspension> remove(Suspension.Kind kind, Glob pattern) throws IOException {
    List<Suspension> found = all.stream().filter(each -> each.isOf(kind, pattern)).toList();
    if (found.isEmpty()) {
      found =
          all.stream()
              .filter(each -> each.kind() == kind && pattern.fits(each.what().pattern()))
              .toList();
    }
    if (!found.isEmpty()) {
      var changed = new ArrayList<>(all);
      changed.removeAll(found);
      write(changed);
    }
    return found;
  }

  /// Has somebody told of the whole list, as a text, whenever it has changed.
  public void onChange(Consumer<String> told) {
    listener = told;
  }

  /// Puts another list in the place of this one, of which nobody is told.
  ///
  /// @param text as a listener has got it
  /// @throws IOException if it is no such text, or cannot be written
  public synchronized void replace(String text) throws IOException {
    List<Suspension> other = SuspensionFile.parse(text);
    file.orElseThrow().write(other);
    all = other;
  }

  private void write(List<Suspension> changed) throws IOException {
    file.orElseThrow().write(changed);
    all = List.copyOf(changed);
    listener.accept(SuspensionFile.text(all));
  }
}
