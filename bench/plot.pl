#!/usr/bin/perl
#
# plot.pl: draw time and memory against the number of documents, as SVG.
#
#	bench/plot.pl MACHINE SIZES
#
# MACHINE is a text to be put under the plot.  SIZES has a line for each size:
# documents, seconds, megabytes, and the seconds of libcurl alone.

use strict;
use warnings;

my ($machine_file, $sizes_file) = @ARGV;

# Of the picture, and of each of the two panels in it
my ($width, $height) = (760, 720);
my ($left, $panel_width, $panel_height) = (70, 640, 240);
my $margin = 30;	# of a panel, to the left and right of its curves
my %top = (time => 60, memory => 360);

my $colour = '#336791';
my $grey = '#888888';

my @machine = lines_of($machine_file);
my @sizes = map { [split] } lines_of($sizes_file);
die "plot.pl: there is nothing to draw\n" if @sizes < 2;

# Decades that the axes span
my $x_low = decade_below($sizes[0][0]);
my $x_high = decade_above($sizes[-1][0]);
my @seconds = sort { $a <=> $b } map { ($_->[1], $_->[3]) } @sizes;
my $y_low = decade_below($seconds[0]);
my $y_high = decade_above($seconds[-1]);

my ($most_mb) = sort { $b <=> $a } map { $_->[2] } @sizes;
my $mb_step = 5;
$mb_step *= 2 while $mb_step * 6 < $most_mb * 1.2;
my $mb_high = $mb_step * int($most_mb * 1.2 / $mb_step + 1);

print head();
print panel('time', 'seconds, all columns read',
	[map { 10**$_ } $y_low .. $y_high], \&time_y);
print curve($grey, 'stroke-dasharray="5 4"', 3, \&time_y);
print curve($colour, '', 1, \&time_y);
print legend();
print panel('memory', 'largest resident size of the backend, MB',
	[map { $_ * $mb_step } 0 .. $mb_high / $mb_step], \&memory_y);
print curve($colour, '', 2, \&memory_y);
print foot();

sub lines_of
{
	my ($name) = @_;

	open my $file, '<', $name or die "plot.pl: $name: $!\n";
	chomp(my @lines = <$file>);
	close $file;
	return @lines;
}

# Whole logarithms; sizes that are a power of ten must not miss it by rounding.
sub decade_below
{
	my $logarithm = log($_[0]) / log(10) + 1e-9;

	return int($logarithm) - ($logarithm < 0 ? 1 : 0);
}

sub decade_above
{
	return -decade_below(1 / $_[0]);
}

sub x_of
{
	my ($documents) = @_;

	return $left + $margin +
	  ($panel_width - 2 * $margin) *
	  (log($documents) / log(10) - $x_low) / ($x_high - $x_low);
}

sub time_y
{
	my ($seconds) = @_;

	return $top{time} + $panel_height -
	  $panel_height * (log($seconds) / log(10) - $y_low) / ($y_high - $y_low);
}

sub memory_y
{
	my ($megabytes) = @_;

	return $top{memory} + $panel_height - $panel_height * $megabytes / $mb_high;
}

sub text
{
	my ($x, $y, $anchor, $text, $more) = @_;

	$text =~ s/&/&amp;/g;
	$text =~ s/</&lt;/g;
	return sprintf qq{<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>\n},
	  $x, $y, $anchor, $more ? " $more" : '', $text;
}

sub line
{
	my ($x1, $y1, $x2, $y2, $stroke) = @_;

	return sprintf
	  qq{<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>\n},
	  $x1, $y1, $x2, $y2, $stroke;
}

# 1,000,000
sub grouped
{
	my ($number) = @_;

	1 while $number =~ s/^(\d+)(\d{3})/$1,$2/;
	return $number;
}

sub head
{
	return <<"END" . text($left, 28, 'start',
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height"
 viewBox="0 0 $width $height" font-family="sans-serif" font-size="12"
 fill="#333333">
<desc>Made by: script/bench --plot; doc/benchmarks.md tells how.</desc>
<rect width="$width" height="$height" fill="#ffffff"/>
END
		'regdocs_fdw: a scan of all documents, against their number',
		'font-size="16"');
}

# A frame with its grid; values are where lines go on the vertical axis.
sub panel
{
	my ($name, $title, $values, $y_of) = @_;
	my $top = $top{$name};
	my $bottom = $top + $panel_height;
	my $right = $left + $panel_width;
	my $svg = text($left, $top - 10, 'start', $title, 'font-weight="bold"');

	foreach my $value (@$values)
	{
		my $y = $y_of->($value);

		$svg .= line($left, $y, $right, $y, '#dddddd');
		$svg .= text($left - 8, $y + 4, 'end', $value);
	}
	foreach my $logarithm ($x_low .. $x_high)
	{
		my $x = x_of(10**$logarithm);

		$svg .= line($x, $top, $x, $bottom, '#dddddd');
		$svg .= text($x, $bottom + 18, 'middle', grouped(10**$logarithm));
	}
	return $svg;
}

# A column of the sizes as a line with its points, which say their values.
sub curve
{
	my ($stroke, $style, $column, $y_of) = @_;
	my @points = map { [x_of($_->[0]), $y_of->($_->[$column]), $_] } @sizes;
	my $svg = sprintf
	  qq{<polyline points="%s" fill="none" stroke="%s" stroke-width="2" %s/>\n},
	  join(' ', map { sprintf '%.1f,%.1f', @$_[0, 1] } @points),
	  $stroke, $style;

	foreach my $point (@points)
	{
		my ($x, $y, $size) = @$point;

		$svg .= sprintf qq{<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>\n},
		  $x, $y, $stroke;
		$svg .= text($x, $y - 9, 'middle', sprintf('%.3g', $size->[$column]),
			qq{font-size="10" fill="$stroke"})
		  if $stroke eq $colour;
	}
	return $svg;
}

sub legend
{
	my ($x, $y) = ($left + 16, $top{time} + 20);

	return text($x, $y, 'start', '--- the foreign table', qq{fill="$colour"}) .
	  text($x, $y + 18, 'start',
		'-  - libcurl alone, which fetches the same pages', qq{fill="$grey"});
}

sub foot
{
	my $y = $top{memory} + $panel_height + 40;
	my $svg = text($left + $panel_width / 2, $y, 'middle', 'documents');

	foreach my $line (@machine, 'made by: script/bench --plot')
	{
		$y += 16;
		$svg .= text($left, $y, 'start', $line, 'font-size="9"');
	}
	return "$svg</svg>\n";
}
