-- Whether a host is just being asked, by whatever node.
CREATE INDEX subscriptions_claimed ON subscriptions (host) WHERE claim IS NOT NULL;
