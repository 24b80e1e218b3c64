import os

SECRET_KEY = "of no use"
INSTALLED_APPS = ["django.contrib.staticfiles", "django_minio_backend"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for folder in [os.environ.get("SITE_STATIC_FOLDER")] if folder]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
USE_TZ = True

SERVER = {
    "MINIO_ENDPOINT": os.environ["SITE_ENDPOINT"],
    "MINIO_ACCESS_KEY": os.environ["SITE_ACCESS_KEY"],
    "MINIO_SECRET_KEY": os.environ["SITE_SECRET_KEY"],
    "MINIO_REGION": os.environ["SITE_REGION"],
    "MINIO_USE_HTTPS": False,
}
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if "SITE_PUBLIC_BUCKETS" in os.environ:
    buckets = os.environ["SITE_PUBLIC_BUCKETS"].split(",")
    STORAGES["default"] = {
        "BACKEND": "django_minio_backend.models.MinioBackend",
        "OPTIONS": {**SERVER, "MINIO_DEFAULT_BUCKET": buckets[0], "MINIO_PUBLIC_BUCKETS": buckets},
    }
else:
    STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    STORAGES["staticfiles"] = {
        "BACKEND": os.environ["SITE_STATIC_STORAGE"],
        "OPTIONS": {**SERVER, "MINIO_STATIC_FILES_BUCKET": os.environ["SITE_STATIC_BUCKET"]},
    }
