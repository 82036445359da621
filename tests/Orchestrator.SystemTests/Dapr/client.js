// Drives Dapr's own client: a line of JSON with a verb in, a line "> " with {"ok": ...} or {"error": ...} out.
const { DaprWorkflowClient } = require("@dapr/dapr");
const readline = require("node:readline");

const client = new DaprWorkflowClient({ daprHost: "127.0.0.1", daprPort: process.argv[2] });

const show = (state) => state && {
  name: state.name,
  id: state.instanceId,
  status: state.runtimeStatus,
  input: state.serializedInput,
  output: state.serializedOutput,
  customStatus: state.customStatus,
};

const verbs = {
  start: (c) => client.scheduleNewWorkflow(c.name, c.input, c.id),
  read: async (c) => show(await client.getWorkflowState(c.id, true)),
  started: async (c) => show(await client.waitForWorkflowStart(c.id, true, 20)),
  ended: async (c) => show(await client.waitForWorkflowCompletion(c.id, true, 20)),
  raise: (c) => client.raiseEvent(c.id, c.event, c.payload),
  pause: (c) => client.suspendWorkflow(c.id),
  resume: (c) => client.resumeWorkflow(c.id),
  terminate: (c) => client.terminateWorkflow(c.id, c.output),
  purge: (c) => client.purgeWorkflow(c.id),
};

async function answer(line) {
  const command = JSON.parse(line);
  try {
    return { ok: (await verbs[command.verb](command)) ?? null };
  } catch (error) {
    return { error: `${error.message ?? error}` };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log("> " + JSON.stringify(await answer(line)));
  }
  await client.stop();
})();
