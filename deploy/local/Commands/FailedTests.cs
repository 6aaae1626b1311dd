using System.Text.RegularExpressions;

namespace Platform.Local.Commands;

/// <summary>
/// The tests that failed, each with the head of what it said, so that they can be told after everything else: a long
/// output is often kept by its end only.
/// </summary>
public sealed partial class FailedTests
{
    private const int MaxTests = 50;
    private const int LinesOfEach = 8;
    private const int LineLength = 300;

    private readonly List<string> _lines = [];
    private int _tests;
    private int _left;

    /// <param name="line">One line of Microsoft.Testing.Platform's output, without colours.</param>
    public void Read(string project, string line)
    {
        if (Head().IsMatch(line))
        {
            _left = ++_tests <= MaxTests ? LinesOfEach : 0;
            if (_left > 0)
                _lines.Add($"{project}: {line}");
        }
        else if (line.Length == 0 || line[0] != ' ')
        {
            // A log's line between, or the next test's.
            _left = line.StartsWith('{') ? _left : 0;
        }
        else if (_left > 0)
        {
            _left--;
            _lines.Add(line.Length > LineLength ? line[..LineLength] + " ..." : line);
        }
    }

    public IEnumerable<string> Lines => _tests > MaxTests ? _lines.Append($"... and {_tests - MaxTests} more failed.") : _lines;

    [GeneratedRegex(@"^failed .+ \(.*\)$")]
    private static partial Regex Head();
}
