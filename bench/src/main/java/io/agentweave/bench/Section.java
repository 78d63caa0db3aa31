package io.agentweave.bench;

import io.agentweave.bench.call.CallBench;
import io.agentweave.bench.call.HotBench;
import io.agentweave.bench.pipeline.PipelineBench;
import io.agentweave.bench.start.StartBench;
import java.io.IOException;
import java.util.Locale;

/** A part of the measurements that can be run alone. */
enum Section {
  CALL {
    @Override
    void run(Context context) throws IOException, InterruptedException {
      CallBench.run(context);
    }
  },
  PIPELINE {
    @Override
    void run(Context context) throws IOException, InterruptedException {
      PipelineBench.run(context);
    }
  },
  START {
    @Override
    void run(Context context) throws IOException, InterruptedException {
      StartBench.run(context);
    }
  },
  HOT {
    @Override
    void run(Context context) {
      HotBench.run(context);
    }
  };

  abstract void run(Context context) throws IOException, InterruptedException;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
