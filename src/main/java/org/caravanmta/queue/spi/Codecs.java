package org.caravanmta.queue.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.caravanmta.message.Codec;
import org.caravanmta.message.Glance;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.Wire;

/// All that can travel through a queue: one codec for each kind of body, found by its class when it
/// is written and by its tag when it is read.
public final class Codecs {
  private final List<Codec<?>> all;
  private final Map<Byte, Codec<?>> byTag;
  private final Map<Class<?>, Codec<?>> byClass = new ConcurrentHashMap<>();

  /// @throws IllegalStateException if two codecs have one tag
  public Codecs(List<Codec<?>> all) {
    this.all = List.copyOf(all);
    this.byTag = all.stream().collect(Collectors.toMap(Codec::tag, Function.identity()));
  }

  /// @throws IllegalArgumentException if no codec writes such a body
  public byte[] encode(Object body) {
    return encode(codec(body), body);
  }

  /// The message that `body` is or is about.
  public Optional<Mail> mail(Object body) {
    return mail(codec(body), body);
  }

  /// What `body` belongs together with: all of an equal kin; empty where each is for itself.
  public Optional<Object> groupKey(Object body) {
    return groupKey(codec(body), body);
  }

  /// Several of one kin as one.
  public Object joined(List<Object> bodies) {
    return joined(codec(bodies.getFirst()), bodies);
  }

  /// @throws Malformed if no codec of ours wrote these bytes
  public Object decode(byte[] encoded) {
    byte tag = Wire.check(encoded);
    Codec<?> codec = byTag.get(tag);
    if (codec == null) {
      throw new Malformed("a queue message with the unknown tag " + tag);
    }
    return Wire.decode(codec, encoded);
  }

  /// The part of an encoded value that lists show; absent if it is not about a message.
  ///
  /// @throws Malformed if no codec of ours wrote these bytes
  public Optional<Glance> glance(byte[] encoded) {
    Codec<?> codec = byTag.get(Wire.check(encoded));
    return codec == null ? Optional.empty() : Wire.glance(codec, encoded);
  }

  private Codec<?> codec(Object body) {
    return byClass.computeIfAbsent(
        body.getClass(),
        type ->
            all.stream()
                .filter(codec -> codec.type().isAssignableFrom(type))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "a " + type.getName() + " cannot travel through a queue")));
  }

  private static <T> byte[] encode(Codec<T> codec, Object body) {
    return Wire.encode(codec, codec.type().cast(body));
  }

  private static <T> Optional<Object> groupKey(Codec<T> codec, Object body) {
    return codec.groupKey(codec.type().cast(body));
  }

  private static <T> T joined(Codec<T> codec, List<Object> bodies) {
    return codec.joined(bodies.stream().map(codec.type()::cast).toList());
  }

  private static <T> Optional<Mail> mail(Codec<T> codec, Object body) {
    return codec.mail(codec.type().cast(body));
  }
}
