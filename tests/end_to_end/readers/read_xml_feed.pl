# FILE -> what Perl's XML::Feed reads, in the shape that agree.py describes.
use strict;
use warnings;
use JSON::PP;
use XML::Feed;
$XML::Atom::ForceUnicode = 1;
open my $file, "<:raw", $ARGV[0] or die "$ARGV[0]: $!\n";
my $bytes = do { local $/; <$file> };
my $feed = XML::Feed->parse(\$bytes) or die XML::Feed->errstr, "\n";
my @entries;
for my $entry ($feed->entries) {
    push @entries, {
        id        => $entry->id,
        title     => $entry->title,
        link      => $entry->link,
        published => $entry->issued->epoch,
        content   => $entry->content->body // "",
    };
}
print JSON::PP->new->utf8->encode(\@entries);
