package org.caravanmta.filter;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.stage.Stage;

/// Which content filter mail goes to.
public final class FilterStage implements Stage {
  private final ContentFilter filter;

  /// @param chosen in the notation of postfix `content_filter`
  /// @param user whom it runs as, when it is a program of ours
  /// @param hostname the name of this server
  public FilterStage(Optional<String> chosen, OptionalInt user, String hostname) {
    this.filter = new ContentFilter(chosen.map(NamedTransport::filter), user, hostname);
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("contentFilter", filter);
  }
}
