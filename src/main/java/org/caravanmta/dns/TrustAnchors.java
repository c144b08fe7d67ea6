package org.caravanmta.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.caravanmta.config.WrongSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Where our own validation begins (RFC 4033 §2): what the operator has named, which stays as it
/// is, or the keys of the root, which are kept up to date (RFC 5011).
final class TrustAnchors {
  private static final Logger LOG = LoggerFactory.getLogger(TrustAnchors.class);
  private static final String FILE = "root-keys";

  /// The anchors in the form of a master file.
  private volatile String text;

  private TrustAnchors(String text) {
    this.text = text;
  }

  /// The anchors of the settings.
  ///
  /// @param directory where the keys of the root are kept
  static TrustAnchors of(DnssecSettings own, Path directory) {
    return own.trustAnchors()
        .map(file -> new TrustAnchors(named(file)))
        .orElseGet(() -> new TrustAnchors(shown(kept(new RootKeyFile(directory.resolve(FILE))))));
  }

  String text() {
    return text;
  }

  /// Asks for the keys of the root, and keeps what follows from them.
  ///
  /// @param servers passes signatures on
  /// @return whether there are other anchors now
  boolean refresh(Path directory, Resolver servers, InstantSource clock) {
    var file = new RootKeyFile(directory.resolve(FILE));
    RootKeys before = kept(file);
    try {
      RRset keys = asked(servers);
      Instant now = clock.instant();
      var after = before.after(keys, now);
      if (after.isEmpty()) {
        LOG.warn(
            "the keys that the root shows are not signed by one that we trust: {}", names(keys));
        return false;
      }
      if (!after.get().keys().equals(before.keys())) {
        file.write(after.get().keys());
      }
      boolean other = !shown(after.get()).equals(text);
      text = shown(after.get());
      return other;
    } catch (IOException | CompletionException e) {
      LOG.debug("the keys of the root are not looked at now: {}", e.toString());
      return false;
    }
  }

  private static RRset asked(Resolver servers) throws IOException {
    var query = Message.newQuery(Record.newRecord(Name.root, Type.DNSKEY, DClass.IN));
    query.getHeader().setFlag(Flags.CD);
    for (RRset set : servers.send(query).getSectionRRsets(Section.ANSWER)) {
      if (set.getType() == Type.DNSKEY && set.getName().equals(Name.root)) {
        return set;
      }
    }
    throw new IOException("no DNSKEY records of the root");
  }

  private static RootKeys kept(RootKeyFile file) {
    try {
      return new RootKeys(published(), file.read());
    } catch (IOException e) {
      LOG.warn("we begin with the published keys of the root: {}", e.getMessage());
      return new RootKeys(published(), List.of());
    }
  }

  private static List<DSRecord> published() {
    try (InputStream in =
        Objects.requireNonNull(TrustAnchors.class.getResourceAsStream("root-anchors.zone"))) {
      return records(in).stream().map(DSRecord.class::cast).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String named(Path file) {
    try {
      String text = Files.readString(file);
      if (records(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).stream()
          .noneMatch(r -> r.getType() == Type.DS || r.getType() == Type.DNSKEY)) {
        throw new IOException("no DS or DNSKEY record in it");
      }
      return text;
    } catch (IOException e) {
      throw new WrongSetting(
          "dns.trust-anchors", "expected a file of DS or DNSKEY records: " + e.getMessage(), e);
    }
  }

  private static List<Record> records(InputStream in) throws IOException {
    var all = new ArrayList<Record>();
    try (var master = new Master(in, Name.root, 0)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        all.add(record);
      }
    }
    return all;
  }

  private static String shown(RootKeys keys) {
    return keys.anchors().stream()
        .map(Record::toString)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String names(RRset keys) {
    return keys.rrs(false).stream()
        .map(key -> String.valueOf(((DNSKEYRecord) key).getFootprint()))
        .collect(Collectors.joining(", "));
  }
}
