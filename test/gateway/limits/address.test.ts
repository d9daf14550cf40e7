import { expect, test } from "vitest";
import { createAddressOf, isNetwork } from "../../../gateway/limits/address.ts";

const direct = createAddressOf([]);
const behind = createAddressOf(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);

test.each([
  [direct, "203.0.113.9", undefined, "203.0.113.9"],
  [direct, "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  [direct, "::ffff:203.0.113.9", undefined, "203.0.113.9"],
  // Who has one address of IPv6 has many.
  [direct, "2a01:4f8:c17:b0f::2", undefined, "2a01:4f8:c17:b0f::/64"],
  [direct, "2a01:4f8:c17:b0f:ffff::1", undefined, "2a01:4f8:c17:b0f::/64"],
  [direct, "fe80::1%eth0", undefined, "fe80:0:0:0::/64"],
  [direct, "::1", undefined, "0:0:0:0::/64"],
  [direct, "", undefined, ""],
  [behind, "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  [behind, "10.1.2.3", "198.51.100.1", "198.51.100.1"],
  [behind, "::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"],
  [behind, "192.0.2.7", "198.51.100.1, 10.9.9.9", "198.51.100.1"],
  // What a client writes itself stands further left.
  [behind, "10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
  [behind, "10.1.2.3", "10.4.4.4", "10.4.4.4"],
  [behind, "10.1.2.3", "unknown", "10.1.2.3"],
  [behind, "10.1.2.3", "", "10.1.2.3"],
  [behind, "2001:db8::1", "2a01:4f8::9", "2a01:4f8:0:0::/64"],
])("%#: from %s, told %s: %s", (addressOf, connection, forwardedFor, address) => {
  expect(addressOf(connection, forwardedFor)).toBe(address);
});

test.each([
  ["10.0.0.0/8", true],
  ["10.0.0.1", true],
  ["2001:db8::/32", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/8/8", false],
  ["proxy.example", false],
  ["10.0.0.0/x", false],
])("%s is a network: %s", (text, is) => {
  expect(isNetwork(text)).toBe(is);
});
