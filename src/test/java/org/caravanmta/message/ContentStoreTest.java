package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentStoreTest {
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path directory;
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    store = ContentStore.open(directory);
  }

  @Test
  void whatWasWrittenIsReadByteForByte() throws IOException {
    byte[] body = new byte[1_000_000];
    new Random(1).nextBytes(body);
    StoredSpool spool = store.create("4XyZ");
    spool.write(body, 0, 300_000);
    spool.write(body, 300_000, 700_000);
    Content.Stored stored = spool.finish();

    assertThat(stored.length()).isEqualTo(body.length);
    assertThat(stored.ref()).isEqualTo("4XyZ");
    assertThat(read(stored)).isEqualTo(body);
    assertThat(read(new Content.Stored("4XyZ", stored.length(), stored.crc()))).isEqualTo(body);
  }

  @Test
  void anEmptyBodyIsABody() throws IOException {
    assertThat(read(store.create("empty").finish())).isEmpty();
  }

  @Test
  void aReaderOfADamagedBodyNeverReachesItsEnd() throws IOException {
    Content.Stored flipped = keep("flipped", "the body of a message");
    byte[] bytes = Files.readAllBytes(file("flipped"));
    bytes[7] ^= 1;
    Files.write(file("flipped"), bytes);
    Content.Stored cut = keep("cut", "the body of a message");
    Files.writeString(file("cut"), "the body");
    Content.Stored grown = keep("grown", "the body of a message");
    Files.writeString(file("grown"), "the body of a message, and more");
    Content.Stored missing = keep("missing", "the body of a message");
    Files.delete(file("missing"));

    for (Content.Stored damaged : List.of(flipped, cut, grown, missing)) {
      assertThatThrownBy(() -> read(damaged))
          .isInstanceOf(ContentStore.Damaged.class)
          .hasMessageContaining(damaged.ref());
      assertThatThrownBy(() -> readBySingleBytes(damaged)).isInstanceOf(ContentStore.Damaged.class);
    }
  }

  @Test
  void aBodyStaysUntilItsLastHolderGivesItUp() throws IOException {
    Content.Stored first = keep("first", "body");
    Content.Stored second = store.link(first, "second");
    assertThat(store.link(first, "second")).isEqualTo(second);

    store.release("first");
    store.release("first");
    assertThat(read(second)).asString().isEqualTo("body");
    assertThatThrownBy(() -> read(first)).isInstanceOf(ContentStore.Damaged.class);
    assertThatThrownBy(() -> store.link(first, "third")).isInstanceOf(ContentStore.Damaged.class);

    store.release("second");
    assertThat(files()).isEmpty();
  }

  @Test
  void abortedBodiesLeaveNothing() throws IOException {
    StoredSpool spool = store.create("aborted");
    spool.write("half a bo".getBytes(StandardCharsets.US_ASCII));
    spool.abort();
    assertThat(files()).isEmpty();
  }

  @Test
  void theSweepRemovesWhatNoQueueHas() throws IOException {
    Content.Stored queued = keep("queued", "in a queue");
    keep("orphan", "its session died behind the fsync");
    store.create("unfinished").write("its process died".getBytes(StandardCharsets.US_ASCII));

    assertThat(store.sweep(Set.of("queued"), LATER)).isEqualTo(2);
    assertThat(files()).containsExactly("queued");
    assertThat(read(queued)).asString().isEqualTo("in a queue");
  }

  @Test
  void theSweepSparesWhatCameAfterTheStoreWasOpened() throws IOException {
    keep("left", "by the process before");
    store = ContentStore.open(directory);
    keep("arriving", "not yet in a queue");
    StoredSpool arriving = store.create("still-arriving");

    store.sweep(Set.of());
    assertThat(files()).contains("arriving", "still-arriving~");
    arriving.abort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".", ".hidden", "a/b", "../../etc/passwd", "a\\b", "a~", "a\0"})
  void aReferenceIsNoPath(String ref) {
    assertThatThrownBy(() -> store.create(ref)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.release(ref)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.read(new Content.Stored(ref, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStoreIsOpenedAgain() {
    assertThatCode(() -> ContentStore.open(directory)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ContentStore.open(Files.createFile(directory.resolve("file"))))
        .isInstanceOf(IOException.class);
  }

  private Content.Stored keep(String ref, String body) throws IOException {
    StoredSpool spool = store.create(ref);
    spool.write(body.getBytes(StandardCharsets.US_ASCII));
    return spool.finish();
  }

  private byte[] read(Content.Stored stored) throws IOException {
    try (InputStream in = store.read(stored)) {
      return in.readAllBytes();
    }
  }

  private void readBySingleBytes(Content.Stored stored) throws IOException {
    try (InputStream in = store.read(stored)) {
      while (in.read() >= 0) {
        assertThat(in.markSupported()).isFalse();
      }
    }
  }

  private Path file(String ref) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(f -> f.getFileName().toString().equals(ref)).findFirst().orElseThrow();
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
