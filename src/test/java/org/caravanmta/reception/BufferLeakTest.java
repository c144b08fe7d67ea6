package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Every buffer of every transcript is given back. Netty sees a lost one when it is collected, and
/// says so at the next allocation; that it would is seen by one that is lost on purpose.
class BufferLeakTest {
  private static final String ON_PURPOSE = "lost on purpose";

  @TempDir Path directory;

  @Test
  void noTranscriptLosesABuffer() throws Exception {
    List<String> leaks = new CopyOnWriteArrayList<>();
    Map<Map<String, String>, Server> servers = new HashMap<>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            leaks.add(event.getFormattedMessage());
          }
        };
    appender.start();
    var log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    log.addAppender(appender);
    log.setAdditive(false);
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try {
      for (Path file : TranscriptsTest.all()) {
        TranscriptsTest.play(file, directory, servers);
      }
      servers.values().forEach(Server::close);
      lose();
      await().until(() -> said(leaks));
    } finally {
      ResourceLeakDetector.setLevel(before);
      log.setAdditive(true);
      log.detachAppender(appender);
    }

    assertThat(leaks).allMatch(leak -> leak.contains(ON_PURPOSE));
  }

  private static void lose() {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(16);
    lost.touch(ON_PURPOSE);
  }

  private static boolean said(List<String> leaks) {
    System.gc();
    PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    return leaks.stream().anyMatch(leak -> leak.contains(ON_PURPOSE));
  }
}
