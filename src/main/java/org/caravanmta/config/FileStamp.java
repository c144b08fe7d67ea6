package org.caravanmta.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;

/// Tells one version of files from another, so that they are read again only when they have
/// changed.
public final class FileStamp {
  private FileStamp() {}

  /// A text that is another when one of the files is: by its time, its size, or as it is another
  /// file of the same name.
  public static String of(Collection<Path> files) {
    var stamp = new StringBuilder();
    for (Path file : files) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        stamp.append(attributes.lastModifiedTime()).append(' ').append(attributes.size());
        stamp.append(' ').append(attributes.fileKey()).append('\n');
      } catch (IOException e) {
        stamp.append(e.getClass().getSimpleName()).append('\n');
      }
    }
    return stamp.toString();
  }
}
