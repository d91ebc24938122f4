// bench/harness.ts
import { build } from "esbuild";
import { execFileSync, fork } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
var out = new URL("../node_modules/.cache/rxjs-clocked-dispatch-bench/", import.meta.url);
async function prepare() {
  const built = process.env["BENCH_PACKAGE"] ?? compilePackage();
  await build({
    entryPoints: [new URL("worker.ts", import.meta.url).pathname],
    outfile: new URL("worker.mjs", out).pathname,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "warning",
    plugins: [
      {
        name: "the package as built",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^rxjs-clocked-dispatch$/ }, () => ({ path: pathToFileURL(built).href, external: true }));
          onResolve({ filter: /^[^.]/ }, ({ kind }) => kind === "entry-point" ? null : { external: true });
        }
      }
    ]
  });
  return built;
}
function compilePackage() {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const outDir = new URL("package/", out).pathname;
  const project = new URL("../tsconfig.esm.json", import.meta.url).pathname;
  execFileSync(process.execPath, [tsc, "--project", project, "--outDir", outDir, "--declaration", "false"], {
    stdio: "inherit"
  });
  return `${outDir}index.js`;
}
var Worker = class {
  #child = fork(new URL("worker.mjs", out).pathname, { execArgv: ["--expose-gc"] });
  #answered = () => {
  };
  constructor() {
    this.#child.on("message", (answer) => this.#answered(answer));
    this.#child.on("exit", (code) => this.#answered({ failure: `the worker has ended with ${code}` }));
  }
  async ask(request) {
    const answer = await new Promise((resolve) => {
      this.#answered = resolve;
      this.#child.send(request);
    });
    if ("failure" in answer) throw new Error(`${JSON.stringify(request)}: ${answer.failure}`);
    return answer.answer;
  }
  end() {
    this.#child.kill();
  }
};
async function race(scenario, size, contenders2, { rounds: rounds2, turn, warmUp, bytes, together: together2 = false }) {
  const shared = together2 ? new Worker() : void 0;
  const entrants = contenders2.map((contender) => ({
    contender,
    worker: shared ?? new Worker(),
    measured: [],
    bytes: null
  }));
  try {
    for (const { contender, worker } of entrants) {
      await worker.ask({ do: "prepare", scenario: scenario.name, size, contender });
    }
    for (const { contender, worker } of entrants) await worker.ask({ do: "warm up", contender, milliseconds: warmUp });
    for (let i = 0; i < rounds2; i++) {
      for (let e = 0; e < entrants.length; e++) {
        const { contender, worker, measured } = entrants[(e + i) % entrants.length];
        measured.push(await worker.ask({ do: "round", contender, milliseconds: turn }));
      }
    }
    if (bytes) {
      for (const entrant of entrants) {
        entrant.bytes = await entrant.worker.ask({ do: "bytes", contender: entrant.contender });
      }
    }
  } finally {
    for (const { worker } of entrants) worker.end();
  }
  return {
    scenario: scenario.name,
    size,
    results: entrants.map(({ contender, measured, bytes: bytes2 }) => ({
      contender,
      nanoseconds: median(measured),
      rounds: measured,
      bytes: bytes2
    }))
  };
}
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// bench/scenarios/broadcast.ts
import { disposeNone as disposeNone2 } from "@most/disposable";
import { loop as loop2, multicast as multicast2, newStream as newStream2, runEffects as runEffects2, tap as tap2 } from "@most/core";
import { currentTime as currentTime2, newDefaultScheduler as newDefaultScheduler2 } from "@most/scheduler";
import { map as map2, share as share2, Subject as Subject2 } from "rxjs";

// ../../tmp/stub.js
var createDispatcher = () => {
  throw 1;
};
var clockedDispatch = 0;
var source = 0;

// bench/scenario.ts
import { Observable } from "rxjs";
function contendersAt(scenario, size) {
  return Object.keys(scenario.contenders).filter((name) => !scenario.without?.(size, name));
}
function subscribers(count, consumers) {
  return Array.from({ length: count }, (_, receiver) => {
    let told;
    new Observable((subscriber) => {
      told = subscriber;
    }).subscribe(consumers(receiver));
    return told;
  });
}
function callbacks(count, consumers) {
  return Array.from({ length: count }, (_, receiver) => ({ next: consumers(receiver) }));
}
function shuffled(length, random) {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = state + 1831565813 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

// bench/scenarios/serialize.ts
import { disposeNone } from "@most/disposable";
import { loop, map as mapMost, mergeArray, multicast, newStream, runEffects, tap } from "@most/core";
import { currentTime, newDefaultScheduler } from "@most/scheduler";
import { Effect, PubSub } from "effect";
import { map, merge, share, Subject } from "rxjs";
var serialize = {
  name: "serialize",
  title: "serialize, every receiver subscribed, `ticks: 'each'`",
  unit: "receivers",
  sizes: [1, 10, 100, 1e3],
  contenders: {
    package: dispatcher,
    limit: (receivers, consumers) => tell(subscribers(receivers, consumers)),
    callbacks: (receivers, consumers) => tell(callbacks(receivers, consumers)),
    rxjs,
    "rxjs, for one receiver": rxjsForOne,
    "@most/core": most,
    effect,
    "web streams": webStreams
  },
  messages: (receivers, contender) => {
    if (contender === "effect" || contender === "web streams") return Math.max(10, Math.ceil(1e3 / receivers));
    return Math.max(10, Math.ceil(2e4 / receivers));
  },
  without: (receivers, contender) => {
    if (contender === "rxjs, for one receiver") return receivers > 1;
    if (contender === "effect" || contender === "web streams") return receivers > 100;
    return false;
  },
  targets: [
    { sizes: [1, 10], against: "limit", most: 1.5 },
    { sizes: [1], against: "rxjs", least: 5 },
    { sizes: [10], against: "rxjs", least: 2.5 }
  ]
};
function senderCount(receivers) {
  return receivers === 1 ? 4 : Math.min(receivers, 10);
}
function dispatcher(receivers, consumers) {
  const dispatcher8 = createDispatcher({ mode: "serialize" });
  for (let r = 0; r < receivers; r++) dispatcher8.receiver(`r${r}`).subscribe(consumers(r));
  const senders = Array.from(
    { length: senderCount(receivers) },
    (_, s) => dispatcher8.sender(`s${s}`, `r${s % receivers}`)
  );
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      senders[turn].next(i);
      if (++turn === senders.length) turn = 0;
    }
  };
}
function tell(receivers) {
  const senders = senderCount(receivers.length);
  let clock = 0;
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      const to = turn % receivers.length;
      const ts = ++clock;
      receivers[to].next([i, ts]);
      if (receivers.length > 1) {
        const tick2 = [null, ts];
        for (let r = 0; r < receivers.length; r++) if (r !== to) receivers[r].next(tick2);
      }
      if (++turn === senders) turn = 0;
    }
  };
}
function rxjs(receivers, consumers) {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject());
  const stamped$ = merge(...sources.map((source$, s) => source$.pipe(map((value) => ({ to: s % receivers, value }))))).pipe(
    map(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share()
  );
  for (let r = 0; r < receivers; r++) {
    stamped$.pipe(map(({ to, value, ts }) => [to === r ? value : null, ts])).subscribe(consumers(r));
  }
  return inTurn(sources);
}
function rxjsForOne(receivers, consumers) {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject());
  merge(...sources).pipe(map((value, index) => [value, index + 1])).subscribe(consumers(0));
  return inTurn(sources);
}
function inTurn(sources) {
  let turn = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[turn].next(i);
      if (++turn === sources.length) turn = 0;
    }
  };
}
function most(receivers, consumers) {
  const scheduler = newDefaultScheduler();
  const sinks = [];
  const pushed = () => newStream((sink) => {
    sinks.push(sink);
    return disposeNone();
  });
  const tagged = Array.from(
    { length: senderCount(receivers) },
    (_, s) => mapMost((value) => ({ to: s % receivers, value }), pushed())
  );
  const stamped = multicast(
    loop((ts, { to, value }) => ({ seed: ts + 1, value: { to, value, ts } }), 1, mergeArray(tagged))
  );
  for (let r = 0; r < receivers; r++) {
    const received = mapMost(({ to, value, ts }) => [to === r ? value : null, ts], stamped);
    void runEffects(tap(consumers(r), received), scheduler);
  }
  let turn = 0;
  return (messages) => {
    const time = currentTime(scheduler);
    for (let i = 0; i < messages; i++) {
      sinks[turn].event(time, i);
      if (++turn === sinks.length) turn = 0;
    }
  };
}
async function effect(receivers, consumers) {
  const pubsub = Effect.runSync(PubSub.unbounded());
  let clock = 0;
  let awaited = 0;
  let left = 0;
  let done = () => {
  };
  const receive = (r) => Effect.scoped(
    Effect.gen(function* () {
      const consume = consumers(r);
      const subscription = yield* PubSub.subscribe(pubsub);
      for (; ; ) {
        for (const { to, value, ts } of yield* PubSub.takeAll(subscription)) {
          consume([to === r ? value : null, ts]);
          if (ts === awaited && --left === 0) done();
        }
      }
    })
  );
  const fibers = Array.from({ length: receivers }, (_, r) => Effect.runFork(receive(r)));
  await new Promise((resolve) => setTimeout(resolve, 10));
  if (fibers.some((fiber) => fiber.pollUnsafe() !== void 0)) throw new Error("a fiber has ended");
  const senders = senderCount(receivers);
  let turn = 0;
  return (messages) => new Promise((resolve) => {
    awaited = clock + messages;
    left = receivers;
    done = resolve;
    for (let i = 0; i < messages; i++) {
      PubSub.publishUnsafe(pubsub, { to: turn % receivers, value: i, ts: ++clock });
      if (++turn === senders) turn = 0;
    }
  });
}
function webStreams(receivers, consumers) {
  let awaited = 0;
  let left = 0;
  let done = () => {
  };
  const controllers = Array.from({ length: receivers }, (_, r) => {
    let controller;
    const stream = new ReadableStream({ start: (c) => void (controller = c) });
    void read(stream, consumers(r), (ts) => {
      if (ts === awaited && --left === 0) done();
    });
    return controller;
  });
  const senders = senderCount(receivers);
  let clock = 0;
  let turn = 0;
  return (messages) => new Promise((resolve) => {
    awaited = clock + messages;
    left = receivers;
    done = resolve;
    for (let i = 0; i < messages; i++) {
      const to = turn % receivers;
      const ts = ++clock;
      const tick2 = [null, ts];
      for (let r = 0; r < receivers; r++) controllers[r].enqueue(r === to ? [i, ts] : tick2);
      if (++turn === senders) turn = 0;
    }
  });
}
async function read(stream, consume, seen) {
  const reader = stream.getReader();
  for (; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    consume(value);
    seen(value[1]);
  }
}

// bench/scenarios/broadcast.ts
var broadcast = {
  name: "broadcast",
  title: "broadcast, every receiver subscribed",
  unit: "receivers",
  sizes: [10, 100],
  contenders: {
    package: dispatcher2,
    limit: (receivers, consumers) => tell2(subscribers(receivers, consumers)),
    callbacks: (receivers, consumers) => tell2(callbacks(receivers, consumers)),
    rxjs: rxjs2,
    "@most/core": most2
  },
  messages: (receivers) => Math.ceil(2e4 / receivers),
  targets: [{ sizes: [10, 100], against: "limit", most: 1.5 }]
};
function dispatcher2(receivers, consumers) {
  const dispatcher8 = createDispatcher({ mode: "serialize" });
  for (let r = 0; r < receivers; r++) dispatcher8.receiver(`r${r}`).subscribe(consumers(r));
  return inTurn([dispatcher8.broadcaster("everybody")]);
}
function tell2(receivers) {
  let clock = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      const message = [i, ++clock];
      for (let r = 0; r < receivers.length; r++) receivers[r].next(message);
    }
  };
}
function rxjs2(receivers, consumers) {
  const source$ = new Subject2();
  const stamped$ = source$.pipe(
    map2((value, index) => [value, index + 1]),
    share2()
  );
  for (let r = 0; r < receivers; r++) stamped$.subscribe(consumers(r));
  return inTurn([source$]);
}
function most2(receivers, consumers) {
  const scheduler = newDefaultScheduler2();
  let source2;
  const pushed = newStream2((sink) => {
    source2 = sink;
    return disposeNone2();
  });
  const stamped = multicast2(loop2((ts, value) => ({ seed: ts + 1, value: [value, ts] }), 1, pushed));
  for (let r = 0; r < receivers; r++) void runEffects2(tap2(consumers(r), stamped), scheduler);
  return (messages) => {
    const time = currentTime2(scheduler);
    for (let i = 0; i < messages; i++) source2.event(time, i);
  };
}

// bench/scenarios/coalesced.ts
import { asapScheduler, auditTime, distinctUntilChanged, map as map3, merge as merge2, share as share3, Subject as Subject3 } from "rxjs";
var coalesced = {
  name: "coalesced",
  title: "serialize, every receiver subscribed, ticks coalesced by `asapScheduler`",
  unit: "receivers",
  sizes: [10, 100, 1e3, 1e4],
  contenders: { package: dispatcher3, limit, rxjs: serialize.contenders["rxjs"], "rxjs, coalesced": rxjsCoalesced },
  messages: (receivers, contender) => contender === "rxjs" ? Math.max(10, Math.ceil(2e4 / receivers)) : BURST,
  targets: [
    { sizes: [1e3], against: "rxjs", least: 800 },
    { growth: 1.5, from: 10, to: 1e4 }
  ]
};
var BURST = 2e4;
function dispatcher3(receivers, consumers) {
  const dispatcher8 = createDispatcher({ mode: "serialize", ticks: asapScheduler });
  for (let r = 0; r < receivers; r++) dispatcher8.receiver(`r${r}`).subscribe(consumers(r));
  const senders = Array.from({ length: senderCount(receivers) }, (_, s) => dispatcher8.sender(`s${s}`, `r${s}`));
  return burst(inTurn(senders));
}
function limit(receivers, consumers) {
  const told = subscribers(receivers, consumers);
  const seen = new Float64Array(receivers);
  const senders = Array.from({ length: senderCount(receivers) }, (_, s) => told[s]);
  let clock = 0;
  let turn = 0;
  const flush = () => tick(told, seen, clock);
  return burst((messages) => {
    asapScheduler.schedule(flush);
    for (let i = 0; i < messages; i++) {
      seen[turn] = ++clock;
      senders[turn].next([i, clock]);
      if (++turn === senders.length) turn = 0;
    }
  });
}
function tick(told, seen, clock) {
  const message = [null, clock];
  for (let r = 0; r < told.length; r++) if (seen[r] !== clock) told[r].next(message);
}
function rxjsCoalesced(receivers, consumers) {
  const sources = Array.from({ length: senderCount(receivers) }, () => new Subject3());
  const stamped$ = merge2(...sources.map((source$, to) => source$.pipe(map3((value) => ({ to, value }))))).pipe(
    map3(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share3()
  );
  const ticks$ = stamped$.pipe(
    map3(({ ts }) => ts),
    auditTime(0, asapScheduler),
    map3((ts) => [null, ts]),
    share3()
  );
  const own = Array.from({ length: receivers }, () => new Subject3());
  stamped$.subscribe(({ to, value, ts }) => own[to].next([value, ts]));
  for (let r = 0; r < receivers; r++) {
    merge2(own[r], ticks$).pipe(distinctUntilChanged((before, now) => before[1] === now[1])).subscribe(consumers(r));
  }
  return burst(inTurn(sources));
}
function burst(send) {
  return (messages) => {
    void send(messages);
    return new Promise((resolve) => asapScheduler.schedule(() => resolve()));
  };
}

// bench/scenarios/idle.ts
var idle = {
  name: "idle",
  title: "serialize, 1 receiver subscribed beside idle ones",
  unit: "receivers",
  sizes: [1, 1e4],
  contenders: { package: dispatcher4 },
  messages: () => 2e4,
  targets: [{ growth: 1.25, from: 1, to: 1e4 }]
};
function dispatcher4(receivers, consumers) {
  const dispatcher8 = createDispatcher({ mode: "serialize" });
  dispatcher8.receiver("busy").subscribe(consumers(0));
  for (let r = 1; r < receivers; r++) dispatcher8.receiver(`idle${r}`);
  return inTurn([dispatcher8.sender("s", "busy")]);
}

// bench/scenarios/operator.ts
import { map as map4, merge as merge3, of, share as share4, Subject as Subject4 } from "rxjs";
var operator = {
  name: "operator",
  title: "`clockedDispatch()`, from Observables to Observables, as many sources as receivers",
  unit: "receivers",
  sizes: [4],
  contenders: { package: dispatch, limit: limit2, rxjs: rxjs3 },
  messages: () => 5e3,
  targets: [{ sizes: [4], against: "rxjs", least: 2.5 }]
};
function dispatch(receivers, consumers) {
  const names = Array.from({ length: receivers }, (_, r) => `r${r}`);
  const subjects = names.map(() => new Subject4());
  of(...subjects.map((subject, s) => source(`s${s}`, subject, { to: names[s] }))).pipe(clockedDispatch({ mode: "serialize", receivers: names })).subscribe((receiver) => receiver.subscribe(consumers(names.indexOf(receiver.name))));
  return inTurn(subjects);
}
function limit2(receivers, consumers) {
  const subjects = Array.from({ length: receivers }, () => new Subject4());
  const told = subscribers(receivers, consumers);
  let clock = 0;
  subjects.forEach(
    (subject, to) => subject.subscribe((value) => {
      const ts = ++clock;
      told[to].next([value, ts]);
      const tick2 = [null, ts];
      for (let r = 0; r < told.length; r++) if (r !== to) told[r].next(tick2);
    })
  );
  return inTurn(subjects);
}
function rxjs3(receivers, consumers) {
  const subjects = Array.from({ length: receivers }, () => new Subject4());
  const stamped$ = merge3(...subjects.map((subject, to) => subject.pipe(map4((value) => ({ to, value }))))).pipe(
    map4(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share4()
  );
  for (let r = 0; r < receivers; r++) {
    stamped$.pipe(map4(({ to, value, ts }) => [to === r ? value : null, ts])).subscribe(consumers(r));
  }
  return inTurn(subjects);
}

// bench/scenarios/pull.ts
import { Effect as Effect2, Queue } from "effect";
import { Subject as Subject5 } from "rxjs";
var pull = {
  name: "pull",
  title: "pulling, bursts of 1,000",
  unit: "receivers",
  sizes: [1],
  contenders: { package: forAwait, receiveMany, limit: limit3, rxjs: rxjs4, effect: effect2, "web streams": webStreams2 },
  messages: () => 1e4,
  targets: [
    { sizes: [1], against: "limit", most: 1 / 0.7 },
    { sizes: [1], of: "receiveMany", against: "limit", least: 10 }
  ]
};
var BURST2 = 1e3;
function bursts(send) {
  let left = 0;
  let done = () => {
  };
  const next = (burst2) => new Promise((resolve) => {
    left = burst2;
    done = resolve;
    send(burst2);
  });
  return {
    batch: async (messages) => {
      for (let sent = 0; sent < messages; sent += BURST2) await next(Math.min(BURST2, messages - sent));
    },
    arrived: (count) => {
      if ((left -= count) === 0) done();
    }
  };
}
function forAwait(_, consumers) {
  const [sender, receiver] = createDispatcher({ mode: "serialize" }).channel("s", "r");
  const { batch, arrived } = bursts((burst2) => {
    for (let i = 0; i < burst2; i++) sender.next(i);
  });
  void consumeEach(receiver, consumers(0), arrived);
  return batch;
}
async function consumeEach(messages, consume, arrived) {
  for await (const message of messages) {
    consume(message);
    arrived(1);
  }
}
function receiveMany(_, consumers) {
  const [sender, receiver] = createDispatcher({ mode: "serialize" }).channel("s", "r");
  const { batch, arrived } = bursts((burst2) => {
    for (let i = 0; i < burst2; i++) sender.next(i);
  });
  const consume = consumers(0);
  const loop3 = async () => {
    for (; ; ) {
      const messages = await receiver.receiveMany(256);
      if (messages.length === 0) return;
      for (const message of messages) consume(message);
      arrived(messages.length);
    }
  };
  void loop3();
  return batch;
}
function limit3(_, consumers) {
  const consume = consumers(0);
  let clock = 0;
  async function* stamped(messages) {
    for (let i = 0; i < messages; i++) yield [i % BURST2, ++clock];
  }
  return async (messages) => {
    for await (const message of stamped(messages)) consume(message);
  };
}
function rxjs4(_, consumers) {
  const source$ = new Subject5();
  let clock = 0;
  const { batch, arrived } = bursts((burst2) => {
    for (let i = 0; i < burst2; i++) source$.next([i, ++clock]);
  });
  let waiting = [];
  let wake = () => {
  };
  source$.subscribe((message) => {
    waiting.push(message);
    wake();
  });
  async function* received() {
    for (; ; ) {
      if (waiting.length === 0) await new Promise((resolve) => wake = resolve);
      const ready = waiting;
      waiting = [];
      yield* ready;
    }
  }
  void consumeEach(received(), consumers(0), arrived);
  return batch;
}
function effect2(_, consumers) {
  const queue = Effect2.runSync(Queue.unbounded());
  let clock = 0;
  const { batch, arrived } = bursts((burst2) => {
    for (let i = 0; i < burst2; i++) Queue.offerUnsafe(queue, [i, ++clock]);
  });
  const consume = consumers(0);
  Effect2.runFork(
    Effect2.gen(function* () {
      for (; ; ) {
        consume(yield* Queue.take(queue));
        arrived(1);
      }
    })
  );
  return batch;
}
function webStreams2(_, consumers) {
  let controller;
  const stream = new ReadableStream({ start: (c) => void (controller = c) });
  let clock = 0;
  const { batch, arrived } = bursts((burst2) => {
    for (let i = 0; i < burst2; i++) controller.enqueue([i, ++clock]);
  });
  void consumeEach(stream, consumers(0), arrived);
  return batch;
}

// bench/scenarios/sequence.ts
import { concatMap, merge as merge4, scan, Subject as Subject6 } from "rxjs";
var sequence = {
  name: "sequence",
  title: "sequence, shuffled within the window",
  unit: "window",
  sizes: [10, 100, 1e3, 1e4, 1e5],
  contenders: {
    package: dispatcher5,
    limit: (window, consumers) => ring(window, subscribers(1, consumers)[0]),
    callbacks: (window, consumers) => ring(window, callbacks(1, consumers)[0]),
    rxjs: rxjs5
  },
  // Whole blocks, so that nothing stays held from one batch to the next.
  messages: (window) => Math.max(1e4, window),
  targets: [
    { sizes: [1e3], against: "limit", most: 1.5 },
    { growth: 2, from: 10, to: 1e5 }
  ]
};
var SOURCES = 4;
function dispatcher5(window, consumers) {
  const dispatcher8 = createDispatcher({ mode: "sequence", window, bound: 2 * window });
  dispatcher8.receiver("r").subscribe(consumers(0));
  return outOfOrder(
    window,
    Array.from({ length: SOURCES }, (_, s) => dispatcher8.sender(`s${s}`, "r"))
  );
}
function ring(window, receiver) {
  const size = 2 ** Math.ceil(Math.log2(window));
  const mask = size - 1;
  const slots = new Array(size).fill(void 0);
  let next = 1;
  const source2 = {
    next: (message) => {
      slots[message[1] & mask] = message;
      for (let waiting = slots[next & mask]; waiting !== void 0; waiting = slots[next & mask]) {
        slots[next & mask] = void 0;
        next++;
        receiver.next(waiting);
      }
    }
  };
  return outOfOrder(window, new Array(SOURCES).fill(source2));
}
function rxjs5(window, consumers) {
  const sources = Array.from({ length: SOURCES }, () => new Subject6());
  merge4(...sources).pipe(
    scan(
      (state, message) => {
        const { waiting } = state;
        waiting.set(message[1], message);
        const ready = [];
        let next = state.next;
        for (let m = waiting.get(next); m !== void 0; m = waiting.get(next)) {
          waiting.delete(next++);
          ready.push(m);
        }
        return { waiting, next, ready };
      },
      { waiting: /* @__PURE__ */ new Map(), next: 1, ready: [] }
    ),
    concatMap(({ ready }) => ready)
  ).subscribe(consumers(0));
  return outOfOrder(window, sources);
}
function outOfOrder(window, sources) {
  const random = randomNumbers(1);
  const blocks = Array.from({ length: Math.max(1, Math.ceil(1e4 / window)) }, () => shuffled(window, random));
  const offsets = Int32Array.from(blocks.flatMap((block, b) => Array.from(block, (offset) => b * window + offset + 1)));
  let at = 0;
  let base = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[i & SOURCES - 1].next([i, base + offsets[at]]);
      if (++at === offsets.length) {
        base += offsets.length;
        at = 0;
      }
    }
  };
}

// bench/scenarios/slow-consumer.ts
import { Effect as Effect3, Queue as Queue2 } from "effect";
import { BehaviorSubject, concatMap as concatMap2, filter, firstValueFrom, map as map5, Subject as Subject7 } from "rxjs";
var slowConsumer = {
  name: "slow consumer",
  title: "a slow consumer, the sender awaiting `send`",
  unit: "bound",
  sizes: [1024],
  contenders: { package: dispatcher6, limit: limit4, rxjs: rxjs6, effect: effect3, "web streams": webStreams3 },
  messages: (_, contender) => contender === "limit" || contender === "package" ? 1e4 : 3e3,
  targets: [{ sizes: [1024], against: "limit", most: 2 }]
};
async function work() {
  await null;
  await null;
}
function finished(send) {
  let left = 0;
  let done = () => {
  };
  return {
    batch: async (messages) => {
      const all = new Promise((resolve) => done = resolve);
      left = messages;
      await send(messages);
      await all;
    },
    arrived: () => {
      if (--left === 0) done();
    }
  };
}
function dispatcher6(bound, consumers) {
  const [sender, receiver] = createDispatcher({ mode: "serialize", bound }).channel("s", "r");
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) await sender.send(i);
  });
  void consumeSlowly(receiver, consumers(0), arrived);
  return batch;
}
async function consumeSlowly(messages, consume, arrived) {
  for await (const message of messages) {
    consume(message);
    await work();
    arrived();
  }
}
function limit4(bound, consumers) {
  const waiting = [];
  const senders = [];
  const takers = [];
  let clock = 0;
  const put = (value) => {
    const ts = ++clock;
    const taker = takers.shift();
    if (taker === void 0) waiting.push([value, ts]);
    else taker([value, ts]);
    return ts;
  };
  const send = (value) => {
    if (waiting.length < bound) return Promise.resolve(put(value));
    return new Promise((accepted) => senders.push({ value, accepted }));
  };
  const receive = () => {
    const message = waiting.shift();
    if (message === void 0) return new Promise((taker) => takers.push(taker));
    const sender = senders.shift();
    if (sender !== void 0) sender.accepted(put(sender.value));
    return Promise.resolve(message);
  };
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) await send(i);
  });
  const consume = consumers(0);
  const loop3 = async () => {
    for (; ; ) {
      consume(await receive());
      await work();
      arrived();
    }
  };
  void loop3();
  return batch;
}
function rxjs6(bound, consumers) {
  const source$ = new Subject7();
  const held$ = new BehaviorSubject(0);
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) {
      if (held$.value >= bound) await firstValueFrom(held$.pipe(filter((held) => held < bound)));
      held$.next(held$.value + 1);
      source$.next(i);
    }
  });
  const consume = consumers(0);
  source$.pipe(
    map5((value, index) => [value, index + 1]),
    concatMap2(async (message) => {
      held$.next(held$.value - 1);
      consume(message);
      await work();
      arrived();
    })
  ).subscribe();
  return batch;
}
function effect3(bound, consumers) {
  const queue = Effect3.runSync(Queue2.bounded(bound));
  let clock = 0;
  const { batch, arrived } = finished(
    (messages) => Effect3.runPromise(
      Effect3.gen(function* () {
        for (let i = 0; i < messages; i++) yield* Queue2.offer(queue, [i, ++clock]);
      })
    )
  );
  const consume = consumers(0);
  Effect3.runFork(
    Effect3.gen(function* () {
      for (; ; ) {
        consume(yield* Queue2.take(queue));
        yield* Effect3.promise(work);
        arrived();
      }
    })
  );
  return batch;
}
function webStreams3(bound, consumers) {
  const { readable, writable } = new TransformStream(
    void 0,
    { highWaterMark: bound },
    { highWaterMark: 0 }
  );
  const writer = writable.getWriter();
  let clock = 0;
  const { batch, arrived } = finished(async (messages) => {
    for (let i = 0; i < messages; i++) {
      await writer.ready;
      void writer.write([i, ++clock]);
    }
  });
  void consumeSlowly(readable, consumers(0), arrived);
  return batch;
}

// bench/scenarios/watermark.ts
import { concatMap as concatMap3, map as map6, merge as merge5, scan as scan2, Subject as Subject8 } from "rxjs";
var watermark = {
  name: "watermark",
  title: "watermark, sources in random order",
  unit: "sources",
  sizes: [2, 10, 100, 1e3],
  ...contenders(() => 0),
  targets: [
    { sizes: [2, 10, 100, 1e3], against: "limit", most: 1.25 },
    { growth: 2, from: 2, to: 1e3 },
    { sizes: [10], against: "rxjs", least: 30 }
  ]
};
var watermarkBehind = {
  name: "watermark, behind",
  title: "watermark, sources up to 90 rounds behind each other",
  unit: "sources",
  sizes: [10],
  ...contenders((source2) => 10 * source2),
  targets: [{ sizes: [10], against: "limit", most: 1.25 }]
};
function contenders(behind) {
  return {
    contenders: {
      package: (sources, consumers) => rounds(dispatcher7(sources, consumers), behind),
      limit: (sources, consumers) => rounds(heapMerge(sources, subscribers(1, consumers)[0]), behind),
      callbacks: (sources, consumers) => rounds(heapMerge(sources, callbacks(1, consumers)[0]), behind),
      rxjs: (sources, consumers) => rounds(rxjs7(sources, consumers), behind)
    },
    messages: (sources, contender) => contender === "rxjs" ? Math.max(2e3, sources) : 1e4
  };
}
function dispatcher7(sources, consumers) {
  const dispatcher8 = createDispatcher({ mode: "watermark", bound: 100 * sources + 1024 });
  dispatcher8.receiver("r").subscribe(consumers(0));
  return Array.from({ length: sources }, (_, s) => dispatcher8.sender(`s${s}`, "r"));
}
function heapMerge(count, receiver) {
  const queues = Array.from({ length: count }, () => new Queue3());
  const keys = new Float64Array(count);
  const heap = Int32Array.from({ length: count }, (_, s) => s);
  const places = Int32Array.from({ length: count }, (_, s) => s);
  const sink = (source2, key) => {
    keys[source2] = key;
    let at = places[source2];
    for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[heap[child + 1]] < keys[heap[child]]) child++;
      const other = heap[child];
      if (key < keys[other]) break;
      heap[at] = other;
      places[other] = at;
      at = child;
    }
    heap[at] = source2;
    places[source2] = at;
  };
  const release = () => {
    for (; ; ) {
      const source2 = heap[0];
      const queue = queues[source2];
      if (queue.size === 0) return;
      const message = queue.shift();
      if (queue.size > 0) sink(source2, queue.first[1]);
      receiver.next(message);
    }
  };
  return queues.map((queue, source2) => ({
    next: (message) => {
      queue.push(message);
      if (queue.size > 1) return;
      sink(source2, message[1]);
      release();
    }
  }));
}
var Queue3 = class {
  size = 0;
  #head = 0;
  #slots = new Array(4).fill(void 0);
  get first() {
    return this.#slots[this.#head];
  }
  push(message) {
    if (this.size === this.#slots.length) {
      this.#slots = [...this.#slots.slice(this.#head), ...this.#slots.slice(0, this.#head), ...new Array(this.size)];
      this.#head = 0;
    }
    this.#slots[this.#head + this.size++ & this.#slots.length - 1] = message;
  }
  shift() {
    const message = this.#slots[this.#head];
    this.#slots[this.#head] = void 0;
    this.#head = this.#head + 1 & this.#slots.length - 1;
    this.size--;
    return message;
  }
};
function rxjs7(count, consumers) {
  const sources = Array.from({ length: count }, () => new Subject8());
  const promises = new Map(sources.map((_, source2) => [source2, 0]));
  merge5(...sources.map((source$, source2) => source$.pipe(map6((message) => ({ source: source2, message }))))).pipe(
    scan2(
      ({ held }, { source: source2, message }) => {
        promises.set(source2, message[1]);
        held.splice(sortedIndex(held, message[1]), 0, message);
        const frontier = Math.min(...promises.values());
        const beyond = held.findIndex((other) => other[1] > frontier);
        return { held, ready: held.splice(0, beyond < 0 ? held.length : beyond) };
      },
      { held: [], ready: [] }
    ),
    concatMap3(({ ready }) => ready)
  ).subscribe(consumers(0));
  return sources;
}
function sortedIndex(held, ts) {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (held[middle][1] <= ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
function rounds(sources, behind) {
  const count = sources.length;
  const random = randomNumbers(1);
  const length = Math.ceil(1e4 / count);
  const shares = Array.from({ length }, () => shuffled(count, random));
  const order = Int32Array.from(shares.flatMap(() => [...shuffled(count, random)]));
  const offsets = order.map((source2, i) => {
    const round = Math.floor(i / count) - behind(source2);
    return round * count + shares[(round + length) % length][source2] + 1;
  });
  let base = length * count;
  let at = 0;
  return (messages) => {
    for (let i = 0; i < messages; i++) {
      sources[order[at]].next([i, base + offsets[at]]);
      if (++at === order.length) {
        base += order.length;
        at = 0;
      }
    }
  };
}

// bench/scenarios/index.ts
var scenarios = [
  serialize,
  coalesced,
  idle,
  broadcast,
  operator,
  sequence,
  watermark,
  watermarkBehind,
  pull,
  slowConsumer
];

// ../../tmp/try.mts
await prepare();
var [, , only, without = "package,receiveMany", together] = process.argv;
for (const s of scenarios) {
  if (only && s.name !== only) continue;
  for (const size of s.sizes) {
    const cs = contendersAt(s, size).filter((c) => !without.split(",").includes(c));
    if (!cs.length) continue;
    const r = await race(s, size, cs, { rounds: 5, turn: 30, warmUp: 200, bytes: true, together: !!together });
    console.log(s.name, size, r.results.map((x) => `${x.contender} ${x.nanoseconds.toFixed(1)}ns ${x.bytes?.toFixed(0)}B`).join(" | "));
  }
}
