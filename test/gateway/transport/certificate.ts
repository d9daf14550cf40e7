/**
 * A certificate for localhost that nobody trusts but the tests. Made with
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=localhost" \\
 *       -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout key.pem -out certificate.pem
 */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8AQK/r2Jhfyk6GmM
ATRmoe/s2xbqMo/msW1n3EV0++ihRANCAAQRI0tCzSsfa09LXtghTsU6aopIZPa+
he7v4UrpiUnUv7aC1rXh/rWWDM4VuIbH1FGxJilQcRzM0YqxInKVjjIz
-----END PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIULmqTp5hIZ/mPnd7tUbten5UPW6wwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIzMzEyN1oYDzIxMjYxMDI4
MjMzMTI3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQRI0tCzSsfa09LXtghTsU6aopIZPa+he7v4UrpiUnUv7aC1rXh/rWW
DM4VuIbH1FGxJilQcRzM0YqxInKVjjIzo28wbTAdBgNVHQ4EFgQUCYywlpXa2X3i
oP6L2+EhH9X9Vs8wHwYDVR0jBBgwFoAUCYywlpXa2X3ioP6L2+EhH9X9Vs8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgCW+UUltRIlHkGal4HCm7iyyA7kGjPj3T5MbjjM2DXi8CIQDs
km6Hf7NIGSDMmrkw53u5v+Jab4wD2X1KYU9jZDNOjg==
-----END CERTIFICATE-----
`;
