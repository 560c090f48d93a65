// node-zendesk against the sandbox, as its users write it.
import assert from "node:assert/strict";
import zendesk from "node-zendesk";

const { url, email, access_token: token } = JSON.parse(process.env.SANDBOX).zendesk;
const client = zendesk.createClient({ endpointUri: `${url}/api/v2`, username: email, token, oauth: true });

const { result: me } = await client.users.me();
assert.equal(me.email, email);
assert.equal(me.role, "admin");

const organizations = await client.organizations.list();
assert.ok(organizations.length > 0);
assert.match(String(organizations[0].id), /^\d{14}$/);

const name = "Zażółć gęślą jaźń 조직";
const { result: created } = await client.organizations.create({ organization: { name, external_id: "001Kg00000AbCdEIAV" } });
assert.equal(created.name, name);
const { result: updated } = await client.organizations.update(created.id, { organization: { notes: "seen" } });
assert.equal(updated.notes, "seen");
const found = await client.organizations.search("001kg00000abcdeiav");
assert.ok(JSON.stringify(found).includes(String(created.id)));
await assert.rejects(client.organizations.create({ organization: { name } }), /422/);

const triggers = await client.triggers.list();
assert.ok(triggers.some((t) => t.title.startsWith("(Salesforce Integration)") && t.active));
const webhooks = await client.webhooks.list();
assert.ok(webhooks.some((w) => w.status === "active"));
await client.organizations.delete(created.id);
await assert.rejects(client.organizations.show(created.id), /404/);

const { result: made } = await client.tickets.create({ ticket: { subject: "Lamp", comment: { body: "The lamp is out." } } });
await client.tickets.update(made.id, { ticket: { priority: "high", comment: { body: "See.", public: false } } });
const comments = await client.tickets.getComments(made.id);
assert.equal(comments.at(-1).public, false);
const audits = await client.tickets.exportAudit(made.id);
assert.ok(JSON.stringify(audits).includes('"previous_value":null'));
const fields = await client.ticketfields.list();
assert.ok(fields.some((f) => f.type === "lookup"));
const [macro] = await client.macros.list();
const { result: after } = await client.macros.applyTicket(made.id, macro.id);
assert.equal(after.result.ticket.status, "solved");
const { result: job } = await client.tickets.updateMany([made.id, 99999], { ticket: { priority: "low" } });
const watched = await client.jobstatuses.watch((job.job_status ?? job).id, 10, 5);
assert.ok(JSON.stringify(watched).includes("completed"));
const { result: changed } = await client.tickets.show(made.id);
assert.equal(changed.priority, "low");
await client.tickets.delete(made.id);
await assert.rejects(client.tickets.show(made.id), /404/);
console.log("node-zendesk: ok");
