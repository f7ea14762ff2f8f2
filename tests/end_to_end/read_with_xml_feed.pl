# FILE -> one line an entry on stdout: id, title, link, published (seconds), whether there is content; by Perl's XML::Feed.
use strict;
use warnings;
use XML::Feed;
$XML::Atom::ForceUnicode = 1;
binmode STDOUT, ":encoding(UTF-8)";
open my $file, "<:raw", $ARGV[0] or die "$ARGV[0]: $!\n";
my $bytes = do { local $/; <$file> };
my $feed = XML::Feed->parse(\$bytes) or die XML::Feed->errstr, "\n";
for my $entry ($feed->entries) {
    my $body = $entry->content->body // "";
    $body =~ s/<[^>]*>//g;
    print join("\t", $entry->id, $entry->title, $entry->link, $entry->issued->epoch, $body =~ /\S/ ? "text" : "empty"), "\n";
}
