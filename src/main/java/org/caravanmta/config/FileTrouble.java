package org.caravanmta.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Says why a file that a setting names cannot be used, in words for the operator and without its
/// name.
public final class FileTrouble {
  private FileTrouble() {}

  /// The reason, such as `there is no such file`.
  public static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "it may not be read by the user that Caravan runs as";
      case CharacterCodingException _ -> "it is not in UTF-8";
      default -> "it cannot be read: " + failure.getMessage();
    };
  }
}
