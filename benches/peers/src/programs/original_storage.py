from django.contrib.staticfiles.storage import ManifestFilesMixin
from django_minio_backend.models import MinioBackendStatic
from minio.error import S3Error


class ManifestStorage(ManifestFilesMixin, MinioBackendStatic):
    """Django's own names with fingerprints, over the original."""

    def read_manifest(self):
        # The first time there is none, which Django expects to be told by another exception than the original has.
        try:
            return super().read_manifest()
        except S3Error as error:
            if error.code != "NoSuchKey":
                raise
            return None
