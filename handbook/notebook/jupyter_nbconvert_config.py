# Read by nbconvert (handbook/notebooks.py says where it is): notebooks become pages
# through the site's own Markdown, not through JupyterLab's template, which would add
# 600 KB and scripts of third parties to each.
from pathlib import Path

c = get_config()  # noqa: F821, given by traitlets
c.HTMLExporter.default_preprocessors = [
    "nbconvert.preprocessors.ExecutePreprocessor",
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",
    "handbook.notebooks.through_site_markdown",
]
# Naming it is not enough: a slow cell prints in pieces, which belong together.
c.CoalesceStreamsPreprocessor.enabled = True
c.HTMLExporter.template_paths = [str(Path(__file__).parent)]
# Without it every kernel warns that its port is not encrypted: it is local.
c.NotebookClient.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
