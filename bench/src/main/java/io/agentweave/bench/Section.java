package io.agentweave.bench;

import io.agentweave.bench.call.CallBench;
import java.io.IOException;
import java.util.Locale;

/** A part of the measurements that can be run alone. */
enum Section {
  CALL {
    @Override
    void run(Context context) throws IOException, InterruptedException {
      CallBench.run(context);
    }
  };

  abstract void run(Context context) throws IOException, InterruptedException;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
