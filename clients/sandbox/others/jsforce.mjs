// jsforce against the sandbox, as its users write it.
import assert from "node:assert/strict";
import jsforce from "jsforce";

const { instance_url: instanceUrl, access_token: accessToken, username } = JSON.parse(process.env.SANDBOX).salesforce;
const conn = new jsforce.Connection({ instanceUrl, accessToken, version: "68.0" });

const me = await conn.identity();
assert.equal(me.username, username);

const accounts = await conn.query("SELECT Id, Name, Owner.Username FROM Account ORDER BY Name LIMIT 5");
assert.equal(accounts.records.length, 5);
assert.match(accounts.records[0].Id, /^001[A-Za-z0-9]{15}$/);
assert.ok(accounts.records[0].Owner.Username.includes("@"));

let streamed = 0;
await new Promise((done, failed) => {
  conn.query("SELECT Id FROM Contact").on("record", () => streamed++).on("end", done).on("error", failed).run({ autoFetch: true, maxFetch: 10000 });
});
const counted = await conn.query("SELECT COUNT() FROM Contact");
assert.equal(streamed, counted.totalSize);

const created = await conn.sobject("Account").create({ Name: "Håkan & Söner 株式会社" });
assert.ok(created.success);
await conn.sobject("Account").update({ Id: created.id, Website: "https://example.com" });
const read = await conn.sobject("Account").retrieve(created.id);
assert.equal(read.Name, "Håkan & Söner 株式会社");
assert.equal(read.Website, "https://example.com");
const found = await conn.sobject("Account").find({ Name: { $like: "Håkan%" } }, ["Id", "Name"]).limit(3);
assert.equal(found.length, 1);
const upserted = await conn.sobject("Contact").upsert({ Email: "up@example.com", LastName: "Sert" }, "Email");
assert.ok(upserted.created);
const many = await conn.sobject("Contact").create([{ LastName: "Kim", AccountId: created.id }, { FirstName: "No last name" }], { allOrNone: false });
assert.deepEqual(many.map((one) => one.success), [true, false]);
assert.equal(many[1].errors[0].errorCode ?? many[1].errors[0].statusCode, "REQUIRED_FIELD_MISSING");
await conn.sobject("Account").destroy(created.id);
await assert.rejects(conn.sobject("Account").retrieve(created.id), (e) => ["ENTITY_IS_DELETED", "NOT_FOUND"].includes(e.errorCode));

const described = await conn.sobject("Account").describe();
assert.equal(described.keyPrefix, "001");
assert.ok(described.fields.some((f) => f.name === "OwnerId" && f.relationshipName === "Owner" && f.referenceTo.includes("User")));
const global = await conn.describeGlobal();
assert.ok(global.sobjects.some((o) => o.name === "ConnectedApplication"));

const limits = await conn.limits();
assert.ok(limits.DailyApiRequests.Max > limits.DailyApiRequests.Remaining);

const packages = await conn.tooling.query("SELECT Id, SubscriberPackage.Name FROM InstalledSubscriberPackage");
assert.ok(packages.records.some((p) => p.SubscriberPackage.Name === "Salesforce Integration for Zendesk"));

const security = await conn.metadata.read("SecuritySettings", "Security");
assert.equal(String(security.sessionSettings.lockSessionsToIp), "false");

await assert.rejects(conn.query("SELECT Nonsense FROM Account"), (e) => e.errorCode === "INVALID_FIELD");
await assert.rejects(conn.query("SELECT FROM"), (e) => e.errorCode === "MALFORMED_QUERY");
await assert.rejects(conn.sobject("Nonsense").describe(), (e) => e.errorCode === "NOT_FOUND");
await assert.rejects(conn.sobject("ConnectedApplication").create({ Name: "x" }));
console.log("jsforce: ok");
